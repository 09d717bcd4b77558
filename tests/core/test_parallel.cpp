#include "parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace lmsurv {
namespace {

constexpr int kTooManyTasks = 1000000;  // with a pause in each, more than any test would wait for

void pause_a_little() { std::this_thread::sleep_for(std::chrono::microseconds(20)); }

struct Interrupted {};

class ParallelFor : public ::testing::TestWithParam<int> {
 protected:
  Execution execution() const { return {GetParam(), nullptr}; }
};
INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, ::testing::Values(-1, 0, 1, 2, 3, 8));

TEST_P(ParallelFor, RunsEveryTaskOnce) {
  for (const std::size_t tasks : {0, 1, 2, 5, 1000}) {
    std::vector<std::atomic<int>> runs(tasks);
    parallel_for(tasks, execution(), [&](std::size_t i) { ++runs[i]; });
    for (std::size_t i = 0; i < tasks; ++i) EXPECT_EQ(runs[i], 1) << i << " of " << tasks;
  }
}

TEST_P(ParallelFor, RethrowsTheExceptionOfATask) {
  std::atomic<int> runs{0};
  const auto body = [&](std::size_t i) {
    ++runs;
    if (i == 17) throw std::runtime_error("task 17");
    if (i > 17) pause_a_little();
  };
  try {
    parallel_for(kTooManyTasks, execution(), body);
    FAIL() << "no exception";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "task 17");
  }
  EXPECT_LT(runs, kTooManyTasks) << "the remaining tasks were not stopped";
}

TEST_P(ParallelFor, OnlyTheFirstOfManyExceptionsIsRethrown) {
  const auto body = [](std::size_t i) { throw static_cast<int>(i); };
  EXPECT_THROW(parallel_for(100, execution(), body), int);
}

TEST_P(ParallelFor, CallsTheInterruptHookOnTheCallingThreadAndStopsByIt) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> calls{0}, runs{0}, elsewhere{0};
  Execution run = execution();
  run.interrupt = [&] {
    elsewhere += std::this_thread::get_id() != caller;
    if (++calls == 3) throw Interrupted();
  };
  const auto body = [&](std::size_t) {
    ++runs;
    // The others leave some tasks to the caller.
    while (std::this_thread::get_id() != caller && calls < 3) pause_a_little();
    pause_a_little();
  };
  EXPECT_THROW(parallel_for(kTooManyTasks, run, body), Interrupted);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(elsewhere, 0);
  EXPECT_LT(runs, kTooManyTasks) << "the remaining tasks were not stopped";
}

TEST_P(ParallelFor, AnInterruptAtTheBeginningIsSeenBeforeAnyTaskOfTheCaller) {
  Execution run = execution();
  run.interrupt = [] { throw Interrupted(); };
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> by_caller{0};
  const auto body = [&](std::size_t) { by_caller += std::this_thread::get_id() == caller; };
  EXPECT_THROW(parallel_for(5, run, body), Interrupted);
  EXPECT_EQ(by_caller, 0);
}

TEST(ParallelForThreads, UsesNoMoreThreadsThanAllowed) {
  for (const int threads : {1, 2, 3}) {
    std::atomic<int> now{0}, most{0};
    parallel_for(2000, {threads, nullptr}, [&](std::size_t) {
      const int here = ++now;
      int seen = most;
      while (here > seen && !most.compare_exchange_weak(seen, here)) {
      }
      std::this_thread::yield();
      --now;
    });
    EXPECT_LE(most, threads);
  }
}

}  // namespace
}  // namespace lmsurv

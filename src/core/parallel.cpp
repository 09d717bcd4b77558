#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace lmsurv {
namespace {

using Pause = std::function<void()>;

struct Stopped {};

class TaskQueue {
 public:
  TaskQueue(std::size_t tasks, const std::function<void(std::size_t, const Pause&)>& body)
      : tasks_(tasks), body_(body) {}

  void work(const Pause& pause, bool help) noexcept {
    try {
      if (pause) pause();
      for (std::size_t task = next_++; task < tasks_; task = next_++) {
        body_(task, pause);
        if (pause) pause();
      }
    } catch (...) {
      fail(std::current_exception());
    }
    if (help) leave();
  }

  void help() noexcept {
    work(
        [this] {
          if (stopped_) throw Stopped{};
        },
        true);
  }

  void join_helpers(const Pause& interrupt) noexcept {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto alone = [this] { return helpers_ == 0; };
    while (interrupt && !stopped_ && !idle_.wait_for(lock, std::chrono::milliseconds(50), alone)) {
      lock.unlock();
      try {
        interrupt();
      } catch (...) {
        fail(std::current_exception());
      }
      lock.lock();
    }
  }

  void enter() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++helpers_;
  }
  void leave() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    --helpers_;
    idle_.notify_all();
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  // The first failure is kept before others are told to stop.
  void fail(std::exception_ptr failure) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    next_ = tasks_;
    stopped_ = true;
  }

  const std::size_t tasks_;
  const std::function<void(std::size_t, const Pause&)>& body_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::condition_variable idle_;
  int helpers_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void parallel_for(std::size_t tasks, const Execution& execution,
                  const std::function<void(std::size_t, const Pause&)>& body) {
  TaskQueue queue(tasks, body);
  std::vector<std::thread> helpers;
  const std::size_t wanted =
      std::min<std::size_t>(tasks, static_cast<std::size_t>(std::max(1, execution.threads)));
  for (std::size_t i = 1; i < wanted; ++i) {
    queue.enter();
    try {
      helpers.emplace_back([&queue] { queue.help(); });
    } catch (const std::system_error&) {
      // The system grants no further thread: those that run, at least this one, do all tasks.
      queue.leave();
      break;
    }
  }
  queue.work(execution.interrupt, false);
  queue.join_helpers(execution.interrupt);
  for (std::thread& helper : helpers) helper.join();
  queue.rethrow();
}

void parallel_for(std::size_t tasks, const Execution& execution,
                  const std::function<void(std::size_t)>& body) {
  parallel_for(tasks, execution, [&body](std::size_t task, const Pause&) { body(task); });
}

}  // namespace lmsurv

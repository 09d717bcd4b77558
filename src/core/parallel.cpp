#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace lmsurv {
namespace {

class TaskQueue {
 public:
  TaskQueue(std::size_t tasks, const std::function<void(std::size_t)>& body)
      : tasks_(tasks), body_(body) {}

  void work(const std::function<void()>& interrupt) noexcept {
    try {
      if (interrupt) interrupt();
      for (std::size_t task = next_++; task < tasks_; task = next_++) {
        body_(task);
        if (interrupt) interrupt();
      }
    } catch (...) {
      next_ = tasks_;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const std::size_t tasks_;
  const std::function<void(std::size_t)>& body_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void parallel_for(std::size_t tasks, const Execution& execution,
                  const std::function<void(std::size_t)>& body) {
  TaskQueue queue(tasks, body);
  std::vector<std::thread> helpers;
  const std::size_t wanted =
      std::min<std::size_t>(tasks, static_cast<std::size_t>(std::max(1, execution.threads)));
  try {
    for (std::size_t i = 1; i < wanted; ++i) {
      helpers.emplace_back([&queue] { queue.work(nullptr); });
    }
  } catch (const std::system_error&) {
    // The system grants no further thread: those that run, at least this one, do all tasks.
  }
  queue.work(execution.interrupt);
  for (std::thread& helper : helpers) helper.join();
  queue.rethrow();
}

}  // namespace lmsurv

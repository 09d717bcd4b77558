#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace lmsurv {

// How work is spread, and how the caller is asked whether to go on. `interrupt` is called on the
// calling thread only, at the beginning and between tasks; it may throw to stop the work.
// `fresh_memory` hears of memory before it is touched: where the system hands it out in small
// pieces this takes longer than the arithmetic, and the caller may know a remedy.
struct Execution {
  int threads = 1;
  std::function<void()> interrupt;
  void (*fresh_memory)(void* begin, std::size_t bytes) = nullptr;

  // Asks whether to go on; on the calling thread only, as `interrupt`.
  void pause() const {
    if (interrupt) interrupt();
  }
};

// Runs body(0) ... body(tasks - 1), each once, in any order, on at most `execution.threads` threads
// of which the calling one is the first. The first exception, of the body or of the interrupt hook,
// stops the remaining tasks and is rethrown here after all threads have ended. What the tasks
// compute must not depend on which thread runs them: results are then the same bits for any number
// of threads.
void parallel_for(std::size_t tasks, const Execution& execution,
                  const std::function<void(std::size_t)>& body);

// The same for tasks that may take longer than a user waits. body(task, pause): `pause` asks
// whether to go on, may be called as often as wanted on any thread, and throws where the work has
// been stopped. While the calling thread waits for others it asks every 50 ms.
void parallel_for(std::size_t tasks, const Execution& execution,
                  const std::function<void(std::size_t, const std::function<void()>&)>& body);

// Calls `pause` after each 65,536 units of work, of a few nanoseconds each.
class Pacer {
 public:
  explicit Pacer(std::function<void()> pause) : pause_(std::move(pause)) {}
  void work(double units) {
    done_ += units;
    if (done_ < 65536) return;
    done_ = 0;
    if (pause_) pause_();
  }

 private:
  std::function<void()> pause_;
  double done_ = 0;
};

}  // namespace lmsurv

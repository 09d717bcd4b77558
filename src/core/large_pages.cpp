#include "large_pages.hpp"

#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace lmsurv {

void advise_large_pages(void* block, std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t kShort = std::size_t{1} << 21;
  constexpr std::uintptr_t kPage = 4096;
  const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t begin = (from + kPage - 1) / kPage * kPage;
  if (bytes >= kShort) {
    madvise(reinterpret_cast<void*>(begin), from + bytes - begin, MADV_HUGEPAGE);
  }
#else
  static_cast<void>(block);
  static_cast<void>(bytes);
#endif
}

}  // namespace lmsurv

#include "large_pages.h"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(MADV_HUGEPAGE)

void use_large_pages(void* begin, std::size_t bytes) {
  constexpr std::size_t kPage = 4096, kLargePage = 512 * kPage;
  if (bytes < kLargePage) return;
  const std::size_t skip = (kPage - reinterpret_cast<std::uintptr_t>(begin) % kPage) % kPage;
  madvise(static_cast<char*>(begin) + skip, (bytes - skip) / kPage * kPage, MADV_HUGEPAGE);
}

#else

void use_large_pages(void*, std::size_t) {}

#endif

#pragma once

#include <cstddef>

// Linux hands out memory in pieces of 4 kB, each at its first touch, which takes longer than to
// fill it. Asks for pieces of 2 MB instead; elsewhere, and for short memory, nothing happens.
void use_large_pages(void* begin, std::size_t bytes);

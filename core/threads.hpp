// Threads for the library's own loops. Work is cut into pieces that do not depend on the number of
// threads, so results do not either.
#pragma once

#include <cstddef>
#include <functional>

namespace asktell {

// 0: as many as the machine has. Initially ASKTELL_THREADS, or 0.
void set_threads(int threads);
int threads();

// Calls body(begin, end) for consecutive pieces of `grain` items out of `count`, on threads()
// threads; the first exception is rethrown after all pieces ended. Threads live for the call only,
// so that the library may be used after fork(); worth it for pieces of 50 us and more.
void parallel_for(std::size_t count, std::size_t grain,
                  const std::function<void(std::size_t begin, std::size_t end)>& body);

}  // namespace asktell

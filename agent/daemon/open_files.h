#pragma once

#include <cstddef>

namespace sre {

// Lets this process open as many files as whoever started it allows: the soft limit, which most
// systems set to 1,024 for the sake of select(2), becomes the hard one.
void raise_open_file_limit();

// Says in the log, with the cure, where so many checks at once, as many runs on request as that
// allows and a full house of readers of the pages would not fit into the limit.
void warn_of_few_open_files(std::size_t max_in_flight);

}  // namespace sre

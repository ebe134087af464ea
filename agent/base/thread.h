#pragma once

namespace sre {

// What each thread but the main one does first: it has a name, which `top -H` shows (15 bytes at
// most), and takes no signals, which are for the main thread.
void begin_thread(const char* name) noexcept;

}  // namespace sre

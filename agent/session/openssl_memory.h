#pragma once

namespace sre {

// OpenSSL tells a lack of memory from a server's faults in some places only; in others it even says
// that it waits for the socket. So its requests for memory are looked at themselves.
//
// Has them looked at from now on; before anything else uses OpenSSL, or it does nothing.
void watch_openssl_memory();

// Notes that a request of this thread was not granted; for whoever else grants them.
void note_openssl_lack() noexcept;

// Whether one was not since the last call on this thread.
bool take_openssl_lack() noexcept;

}  // namespace sre

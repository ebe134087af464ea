#pragma once

#include <memory>

#include "agent/access/door.h"
#include "agent/web/http.h"

namespace sre {

// `inside`, for those whom the door lets in: with a name and a password where its configuration
// has users and does not except the path, and with the headers that it sets. Whoever is not let in
// gets 401, or 503 while too many passwords wait to be looked at.
Handler behind(std::shared_ptr<Door> door, Handler inside);

}  // namespace sre

#pragma once

#include <optional>

#include "agent/access/reading.h"
#include "agent/access/web_config.h"
#include "agent/access/yaml_table.h"

namespace sre {

// What the section `tls_server_config` says; nothing where it is empty. `place` is its own, for
// what is missing in it.
std::optional<TlsSettings> read_tls(const YamlTable& tls, Place place, Reading& reading);

}  // namespace sre

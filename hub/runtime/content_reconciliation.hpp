// Makes the files of contents what the journal says, at the start of a hub.
#pragma once

#include "hub/content/store.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

// Records what was complete when a crash came before its record; removes what nobody may upload, or what was dropped.
// A stored content without its file is damage: it is said, and the hub goes on without it. On the engine's thread,
// before anybody can connect.
Result<void> reconcile_contents(const content::Store& store, Engine& engine);

}  // namespace hub::runtime

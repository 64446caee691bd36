// Deliveries into the inbox folder, exactly once; receipts into the status folder.
//
// The life of a delivery, each step durable before the next:
//   1. Its file is written into .staging/ as <delivery id>.json, and synced; then .staging/ is synced. A crash before
//      step 2 leaves a file that no row knows: it is removed at the start, and the hub sends the delivery again. One that
//      can't be written because of its own name or size is reported as failed, in step 2's transaction, and passed over.
//   2. One transaction logs all deliveries of the turn as staged, with their sequence. From here on the hub need not
//      send them again, and a delivery that comes again is dropped.
//   3. The files are renamed into inbox/. A crash within: after the restart a staged row whose file is still in .staging/
//      is renamed, and one whose file is gone was delivered, whatever the agency did with it since.
//   4. inbox/ is synced.
//   5. The hub is told (the caller's matter). A crash before: the hub sends them again, and step 2's rows drop them.
//   6. The rows are marked delivered with the next turn's transaction; that they still say "staged" until then does no
//      harm, since their files are gone from .staging/.
// A kill at any point delivers exactly once; a power loss between 3 and 4 delivers again under the same name.
//
// One thread owns it. A Result that fails is final, and nothing of the turn may be acknowledged.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/folder/agency_folder.hpp"
#include "adapters/sdk/store.hpp"

namespace hub::folder {

class Inbox {
 public:
  // Borrows both.
  Inbox(AgencyFolder& folder, sdk::Store& store) : folder_(folder), store_(store) {}

  // Finishes what a crash left, and empties .staging/. Before the first session.
  Result<void> recover();

  // Steps 1 to 4. `progress` is the client's; the sequences of the deliveries are added to it here.
  Result<void> deliver(std::span<const sdk::VerifiedDelivery> deliveries, sdk::Progress progress, UnixMicros now);

  // status/NAME.STATUS.RECIPIENT.json for each, durable before it is acknowledged. Writing one again changes nothing.
  Result<void> store_receipts(std::span<const sdk::ReceivedReceipt> receipts, sdk::Progress progress);

 private:
  Result<void> move_staged(const std::vector<std::string>& ids);

  AgencyFolder& folder_;
  sdk::Store& store_;
  std::vector<std::string> delivered_;  // and not yet marked so
};

}  // namespace hub::folder

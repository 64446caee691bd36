// Deliveries into the inbox folder, exactly once; receipts into the status folder.
//
// The life of a delivery, each step durable before the next:
//   1. Its file is written into .staging/ as <delivery id>.json, and synced; then .staging/ is synced. A crash before
//      step 2 leaves a file that no row knows: it is removed at the start, and the hub sends the delivery again. One that
//      can't be written because of its own name or size is reported as failed, in step 2's transaction, and passed over.
//   2. One transaction logs all deliveries of the turn as staged, with their sequence. From here on the hub need not
//      send them again, and a delivery that comes again is dropped.
//   3. The files are renamed into inbox/. A crash within: after the restart a staged row whose file is still in
//   .staging/
//      is renamed, and one whose file is gone was delivered, whatever the agency did with it since.
//   4. inbox/ is synced.
//   5. The hub is told (the caller's matter). A crash before: the hub sends them again, and step 2's rows drop them.
//   6. The rows are marked delivered with the next turn's transaction; that they still say "staged" until then does no
//      harm, since their files are gone from .staging/.
// A delivery with attachments stops after step 2, and is acknowledged: it is safe, and nobody waits behind it. Then
//   a. Each content is fetched into .staging/ID.parts/INDEX, whole, verified and synced by the client; a crash before
//      goes on with what is there.
//   b. It is renamed to .staging/ID.files/NAME, both folders are synced, and the store forgets that it is awaited; with the
//      last one it takes the report that the delivery is delivered. A
//      crash between: the file is there under its name, so it need not be fetched.
//   c. With the last one: .staging/ID.files/ is renamed to inbox/ID.files/ and inbox/ synced, and then come steps 3 to
//   6 for
//      the file. So whoever sees the file finds its attachments whole.
// A kill at any point delivers exactly once; a power loss between 3 and 4 delivers again under the same name.
//
// One thread owns it. A Result that fails is final, and nothing of the turn may be acknowledged.
#pragma once

#include <map>
#include <set>
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
  Result<void> recover(UnixMicros now);

  // Contents that are to be fetched, since the last call.
  std::vector<sdk::ContentRequest> take_requests() { return std::exchange(requests_, {}); }
  // Step b for a content that was fetched, and c with the last one of its delivery.
  Result<void> store_content(const sdk::ContentRequest& request, UnixMicros now);

  // Steps 1 to 4. `progress` is the client's; the sequences of the deliveries are added to it here.
  Result<void> deliver(std::span<const sdk::VerifiedDelivery> deliveries, sdk::Progress progress, UnixMicros now);

  // status/NAME.STATUS.RECIPIENT.json for each, durable before it is acknowledged. Writing one again changes nothing.
  Result<void> store_receipts(std::span<const sdk::ReceivedReceipt> receipts, sdk::Progress progress);

 private:
  Result<void> move_staged(const std::vector<std::string>& ids);
  Result<void> await_contents(std::vector<sdk::AwaitedContent> contents, UnixMicros now);
  Result<void> place_content(const sdk::AwaitedContent& content, UnixMicros now);
  Result<void> remove_leftovers(const std::set<std::string>& awaiting);

  AgencyFolder& folder_;
  sdk::Store& store_;
  std::vector<std::string> delivered_;  // and not yet marked so
  std::map<std::string, sdk::AwaitedContent> awaited_;  // by the path that it is fetched to
  std::vector<sdk::ContentRequest> requests_;
};

}  // namespace hub::folder

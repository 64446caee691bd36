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
//   d. A content that can't be had fails the delivery, once none of its others is on its way: one transaction forgets it and
//      takes the report of its failure, which is permanent, and then its files are removed. A crash between: they are
//      leftovers. When an operator orders another attempt, it comes again and begins with step 1.
// A delivery that comes as edXML has .staging/ID.document beside ID.json, written in step 1. After step 2, or b, and in place
// of step 3, or c:
//   x. .staging/ID.edxml.part is written beside this thread, whole and synced. A crash before y begins it anew.
//   y. It is renamed to .staging/ID.edxml, and .staging/ is synced. From here on that file is the delivery: everything else
//      of it is removed, and .staging/ is synced again. A crash within goes on with that.
//   z. It is renamed to inbox/ID.edxml, and inbox/ synced: steps 3 to 6.
// A document that can't be written as edXML comes as JSON: ID.document is removed, and steps 3 or c follow.
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
#include "adapters/folder/background.hpp"
#include "adapters/folder/edxml_setup.hpp"
#include "adapters/sdk/store.hpp"

namespace hub::folder {

class Inbox {
 public:
  // Borrows them. Without an edXML setup there is no edXML.
  Inbox(AgencyFolder& folder, sdk::Store& store, const EdxmlSetup* edxml, Background& background)
      : folder_(folder), store_(store), edxml_(edxml), background_(background) {}
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // Finishes what a crash left, and empties .staging/. Before the first session.
  Result<void> recover(UnixMicros now);

  // Contents that are to be fetched, since the last call.
  std::vector<sdk::ContentRequest> take_requests() { return std::exchange(requests_, {}); }
  // Step b for a content that was fetched, and c with the last one of its delivery.
  Result<void> store_content(const sdk::ContentRequest& request, UnixMicros now);
  // Step d for a content that can't be had.
  Result<void> content_failed(const sdk::ContentRequest& request, const Error& error, UnixMicros now);

  // Steps 1 to 4. `progress` is the client's; the sequences of the deliveries are added to it here.
  Result<void> deliver(std::span<const sdk::VerifiedDelivery> deliveries, sdk::Progress progress, UnixMicros now);

  // status/NAME.STATUS.RECIPIENT.json for each, and of a document that came as edXML NAME.CODE.RECIPIENT.edxml, durable before
  // it is acknowledged. Writing one again changes nothing.
  Result<void> store_receipts(std::span<const sdk::ReceivedReceipt> receipts, sdk::Progress progress);

 private:
  // Steps 3 and 4, or c; of those that come as edXML, x is begun. Returns those that stand in inbox/.
  Result<std::vector<std::string>> move_staged(const std::vector<std::string>& ids);
  Result<void> move_json(const std::vector<std::string>& ids);
  bool comes_as_edxml(const registry::DocumentView& document) const;
  Result<void> stage_document(const std::string& id, const registry::DocumentView& document) const;
  Result<void> begin_edxml(const std::string& id);
  Result<void> end_edxml(const std::string& id, const Result<void>& written);
  Result<void> move_edxml(const std::string& id);
  Result<void> give_up_edxml(const std::string& id) const;
  Result<void> await_contents(std::vector<sdk::AwaitedContent> contents, UnixMicros now);
  Result<void> place_content(const sdk::AwaitedContent& content, UnixMicros now);
  bool awaits_content(const std::string& id) const;
  Result<void> give_up_contents(const std::string& id);
  Result<void> remove_leftovers(const std::set<std::string>& needed);

  AgencyFolder& folder_;
  sdk::Store& store_;
  const EdxmlSetup* const edxml_;
  Background& background_;
  std::vector<std::string> delivered_;  // and not yet marked so
  std::map<std::string, sdk::AwaitedContent> awaited_;  // by the path that it is fetched to
  std::map<std::string, sdk::StatusReport> failing_;    // by delivery id: those of which a content can't be had
  std::vector<sdk::ContentRequest> requests_;
};

}  // namespace hub::folder

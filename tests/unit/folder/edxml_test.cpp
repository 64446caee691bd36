#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "adapters/edxml/reader.hpp"
#include "adapters/folder/status_files.hpp"
#include "agency_bench.hpp"

using namespace hub;
using Names = std::vector<std::string>;

namespace {

const std::string kFixtures = std::string(HUB_SOURCE_DIR) + "/tests/data/edxml/";

std::string fixture(const std::string& name) {
  std::ifstream in(kFixtures + name, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

// The fixtures' sender is 000.00.00.H41, and the one who reports is H37.DN.001.
edxml::Organisations organisations(const std::string& sender, const std::string& reporter) {
  return edxml::Organisations({{sender, "Nơi gửi", {"000.00.00.H41", "H37.UB.001"}},
                               {reporter, "Nơi nhận", {"H37.DN.001", "000.00.41.H53"}},
                               {"vks.huyen", "Viện kiểm sát nhân dân huyện", {"000.00.00.H99"}}});
}

struct EdxmlOutbox : test::OutboxBench {
  explicit EdxmlOutbox(const std::string& sender = "toa-an.huyen", const std::string& reporter = "btg.huyen") {
    edxml_setup = folder::EdxmlSetup{organisations(sender, reporter), {}, false};
    start();
  }
  // Reads what is in the outbox, edXML files to their end.
  std::vector<folder::Submission> take() {
    auto taken = OutboxBench::take();
    while (edxml->reading() > 0) {
      finish_background();
      auto read = outbox->take_read(test::kNow);
      REQUIRE(read);
      for (folder::Submission& s : *read) taken.push_back(std::move(s));
    }
    return taken;
  }
  std::size_t staged() const {
    return std::filesystem::exists(root + "/edxml")
               ? static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(root + "/edxml"), {}))
               : 0;
  }
  edxml::StatusMessage read_status(const std::string& name) const {
    const int file = ::open(path(name).c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(file >= 0);
    auto read = edxml::read_edxml(file, root);
    ::close(file);
    REQUIRE(read);
    REQUIRE(std::holds_alternative<edxml::StatusMessage>(read->content));
    return std::get<edxml::StatusMessage>(read->content);
  }
};

}  // namespace

TEST_CASE("An edXML file becomes a document with its attachments, moves to sent and leaves nothing staged") {
  EdxmlOutbox b;
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  const auto taken = b.take();
  REQUIRE(taken.size() == 1);
  const auto document = registry::read_document(taken[0].document);
  REQUIRE(document);
  CHECK(document->type == "official-document/1");
  CHECK(document->to == "btg.huyen");
  const auto attachments = registry::read_attachments(document->attachments);
  REQUIRE(attachments.size() == 1);
  CHECK(attachments[0].name == "cong-van.pdf");
  const auto content = b.outbox->open_content(taken[0].ticket, 0);
  REQUIRE(content);
  Buffer bytes(static_cast<std::size_t>(attachments[0].size));
  REQUIRE(content->read_at(0, bytes) == bytes.size());
  CHECK(crypto::sha256(bytes) == attachments[0].sha256);
  CHECK(b.staged() == 1);
  b.outbox->answer(taken[0].ticket, b.result("accepted"));
  b.settle();
  CHECK(b.list("sent") == Names{"a.edxml"});
  CHECK(b.list("status") == Names{"a.accepted.json"});
  CHECK(b.list("outbox").empty());
  CHECK(b.staged() == 0);
}

TEST_CASE("After a restart an edXML document goes again as the same bytes and its attachments can still be read") {
  EdxmlOutbox b;
  b.put("outbox/a.XML", fixture("good/01-day-du.edxml"));
  const auto taken = b.take();
  REQUIRE(taken.size() == 1);
  std::filesystem::create_directories(b.root + "/edxml/of-no-document");
  b.start();
  REQUIRE(b.recovered.size() == 1);
  CHECK(b.recovered[0].document == taken[0].document);
  CHECK(b.staged() == 1);
  CHECK(b.outbox->open_content(b.recovered[0].ticket, 0));
  CHECK(b.take().empty());
  b.outbox->answer(b.recovered[0].ticket, b.result("accepted"));
  b.settle();
  CHECK(b.list("sent") == Names{"a.XML"});
  CHECK(b.staged() == 0);
}

TEST_CASE("Every malformed edXML file is refused with its line, kept, and leaves nothing staged") {
  EdxmlOutbox b;
  b.edxml_setup->mappings = edxml::read_mappings(std::string(HUB_SOURCE_DIR) + "/adapters/edxml/mappings").value();
  b.start();
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFixtures + "bad")) {
    if (entry.path().extension() != ".edxml") continue;
    if (entry.path().filename().string().starts_with("37-")) continue;  // bad by a mapping alone, and there is none
    b.put("outbox/" + entry.path().filename().string(), fixture("bad/" + entry.path().filename().string()));
    ++files;
  }
  REQUIRE(files > 30);
  CHECK(b.take().empty());
  CHECK(b.list("outbox").empty());
  CHECK(b.staged() == 0);
  std::size_t kept = 0;
  for (const std::string& name : b.list("refused")) {
    kept += name.ends_with(".edxml") ? 1u : 0u;
    if (!name.ends_with(".refusal.json")) continue;
    const auto refusal = nlohmann::json::parse(b.read("refused/" + name));
    INFO(name);
    CHECK(refusal["facts"].contains("line"));
  }
  CHECK(kept == files);
}

TEST_CASE("A file of another sender is refused with the line of its sender") {
  EdxmlOutbox b("ubnd.huyen");
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  CHECK(b.take().empty());
  CHECK(b.list("refused") == Names{"a.edxml", "a.en.txt", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.refusal.json").find("edxml-invalid") != std::string::npos);
  CHECK(b.read("refused/a.en.txt").find("whose outbox this is") != std::string::npos);
}

TEST_CASE("Without a configuration for it an edXML file is refused as no JSON") {
  EdxmlOutbox b;
  b.edxml_setup.reset();
  b.start();
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  CHECK(b.take().empty());
  CHECK(b.read("refused/a.refusal.json").find("file-not-json") != std::string::npos);
  CHECK(b.has("refused/a.edxml"));
}

TEST_CASE("A file that changes while it is read is read again") {
  EdxmlOutbox b;
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  auto identity = folder::identify(b.agency->outbox, "a.edxml");
  REQUIRE(identity);
  identity->modified_ns -= 1;
  b.edxml->read(*identity, 1);
  b.finish_background();
  CHECK(b.outbox->take_read(test::kNow)->empty());
  CHECK(b.outbox->more_waiting());
  CHECK(b.take().size() == 1);
}

TEST_CASE("A refusal by the hub comes back as edXML status 02 that names the document as the agency did") {
  EdxmlOutbox b;
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  const auto taken = b.take();
  REQUIRE(taken.size() == 1);
  b.outbox->answer(taken[0].ticket, b.result("sender-mismatch"));
  b.settle();
  CHECK(b.list("refused") == Names{"a.edxml", "a.en.txt", "a.refusal.json", "a.vi.txt"});
  CHECK(b.list("status") == Names{"a.02.btg.huyen.edxml"});
  const auto status = b.read_status("status/a.02.btg.huyen.edxml");
  CHECK(status.code == edxml::StatusCode::refused);
  CHECK(status.from.organ_id == "H37.DN.001");
  CHECK(status.response_for.document_id == "000.00.00.H41,2024/03/04,57/CV-UBND");
  CHECK(status.response_for.organ_id == "000.00.00.H41");
  CHECK(status.description.starts_with("Trung tâm không chuyển văn bản."));
}

TEST_CASE("Receipts of an edXML document come as edXML status files, and writing one again changes nothing") {
  EdxmlOutbox b;
  b.put("outbox/a.edxml", fixture("good/01-day-du.edxml"));
  const auto taken = b.take();
  REQUIRE(taken.size() == 1);
  b.outbox->answer(taken[0].ticket, b.result("accepted"));
  b.settle();
  folder::Inbox inbox(*b.agency, *b.store, b.edxml->setup(), *b.background);
  const Uuid id = registry::read_document(taken[0].document)->id;
  const auto receipt = [&](std::uint64_t sequence, wire::DeliveryStatus status, std::string_view reason) {
    return sdk::ReceivedReceipt{StreamSequence(sequence), {status, Position(10482), id, 0, "btg.huyen",
                                                           Position(10490), test::kNow, reason}};
  };
  const std::vector receipts = {receipt(1, wire::DeliveryStatus::delivered, ""),
                                receipt(2, wire::DeliveryStatus::registered, ""),
                                receipt(3, wire::DeliveryStatus::refused, "sai thẩm quyền"),
                                receipt(4, wire::DeliveryStatus::stopped, "")};
  for (int i = 0; i < 2; ++i) {
    REQUIRE(inbox.store_receipts(receipts, {test::kJournal, {}, {}, {}}));
    CHECK(b.list("status") == Names{"a.01.btg.huyen.edxml", "a.02.btg.huyen.edxml", "a.03.btg.huyen.edxml",
                                    "a.accepted.json", "a.delivered.btg.huyen.json", "a.refused.btg.huyen.json",
                                    "a.registered.btg.huyen.json", "a.stopped.btg.huyen.json"});
    CHECK(b.read_status("status/a.02.btg.huyen.edxml").description == "sai thẩm quyền");
  }
  CHECK(b.list(".staging").empty());
}

TEST_CASE("A status file is about the delivery of the document that it names") {
  // This endpoint is the one who reports.
  EdxmlOutbox b("ubnd.huyen", "toa-an.huyen");
  const Uuid document = edxml::original_uuid("ubnd.huyen", "000.00.00.H41,2024/03/04,57/CV-UBND");
  const std::vector<sdk::StagedDelivery> staged = {{"abcdef01-000000000041-0", StreamSequence(1), {}, document, {}}};
  REQUIRE(b.store->stage(staged, {}, {}, {test::kJournal, StreamSequence(1), {}, {}}, test::kNow));
  for (const char* name : {"02", "03", "04", "05", "06", "theo-so-ky-hieu"})
    b.put(std::string("outbox/") + name + ".edxml", fixture(std::string("status/") + name + ".edxml"));
  CHECK(b.take().empty());
  REQUIRE(b.reports->take(b.outbox->take_edxml_statuses()));
  const auto given = b.reports->next();
  REQUIRE(given);
  REQUIRE(given->size() == 6);
  std::vector<wire::DeliveryStatus> statuses;
  for (const sdk::StatusReport& report : *given) {
    CHECK(report.delivery == wire::DeliveryKey{Position(41), 0, {}});
    CHECK(report.reason == "Văn thư đã tiếp nhận");
    statuses.push_back(report.status);
    b.reports->answer(report.ticket, Position(50), {});
  }
  using enum wire::DeliveryStatus;
  CHECK(statuses == std::vector{refused, registered, assigned, processing, finished, finished});
  REQUIRE(b.reports->settle(test::kNow));
  CHECK(b.list("outbox").empty());
  CHECK(b.has("sent/02.edxml"));
  CHECK(b.has("status/02.reported.json"));
}

TEST_CASE("An answer to a recall is about the recalled document also when it names the recall") {
  EdxmlOutbox b("ubnd.huyen", "toa-an.huyen");
  const Uuid recall = edxml::original_uuid("ubnd.huyen", "000.00.00.H41,2024/03/04,57/CV-UBND");
  const Uuid recalled = test::numbered_id(7);
  const std::vector<sdk::StagedDelivery> staged = {
      {"abcdef01-000000000041-0", StreamSequence(1), {}, recalled, {}},
      {"abcdef01-000000000042-0", StreamSequence(2), {}, recall, recalled}};
  REQUIRE(b.store->stage(staged, {}, {}, {test::kJournal, StreamSequence(2), {}, {}}, test::kNow));
  b.put("outbox/a.edxml", fixture("status/15.edxml"));
  CHECK(b.take().empty());
  REQUIRE(b.reports->take(b.outbox->take_edxml_statuses()));
  const auto given = b.reports->next();
  REQUIRE(given);
  REQUIRE(given->size() == 1);
  CHECK(given->at(0).status == wire::DeliveryStatus::recalled);
  CHECK(given->at(0).delivery == wire::DeliveryKey{Position(41), 0, {}});
}

TEST_CASE("A status file about an unknown document, or of another party, is refused with its line") {
  EdxmlOutbox unknown("ubnd.huyen", "toa-an.huyen"), other;
  for (EdxmlOutbox* b : {&unknown, &other}) {
    b->put("outbox/a.edxml", fixture("status/03.edxml"));
    CHECK(b->take().empty());
    REQUIRE(b->reports->take(b->outbox->take_edxml_statuses()));
    CHECK(b->reports->next()->empty());
    REQUIRE(b->reports->settle(test::kNow));
    CHECK(b->list("refused") == Names{"a.edxml", "a.en.txt", "a.refusal.json", "a.vi.txt"});
    CHECK(b->read("refused/a.refusal.json").find("\"line\"") != std::string::npos);
  }
  CHECK(unknown.read("refused/a.en.txt").find("no document that was delivered here") != std::string::npos);
  CHECK(other.read("refused/a.en.txt").find("whose outbox this is") != std::string::npos);
}

TEST_CASE("A sender's status 13 for a document that it did not send is refused with its line") {
  EdxmlOutbox b("ubnd.huyen", "toa-an.huyen");
  b.put("outbox/a.edxml", fixture("status/13.edxml"));
  CHECK(b.take().empty());
  CHECK(b.read("refused/a.en.txt").find("no document that was sent from here") != std::string::npos);
  CHECK(b.has("refused/a.edxml"));
}

namespace {

struct EdxmlInbox : test::InboxBench {
  explicit EdxmlInbox(const std::string& sender_with_code = "vks.huyen") {
    edxml_setup = folder::EdxmlSetup{edxml::Organisations({{sender_with_code, "Viện kiểm sát", {"000.00.00.H99"}},
                                                           {"toa-an.huyen", "Tòa án", {"000.00.00.H41"}}}),
                                     {},
                                     true};
    start();
    make({test::make_document("vks.huyen", "toa-an.huyen", 1)});
  }
};

}  // namespace

TEST_CASE("A delivery comes as one edXML file that reads as the same document") {
  EdxmlInbox b;
  b.deliver();
  b.finish_background();
  CHECK(b.list("inbox") == Names{std::string(test::kDelivery) + ".edxml"});
  CHECK(b.list(".staging").empty());
  CHECK(b.store->staged()->empty());
  const int file = ::open(b.path(std::string("inbox/") + test::kDelivery + ".edxml").c_str(), O_RDONLY | O_CLOEXEC);
  auto read = edxml::read_edxml(file, b.root);
  ::close(file);
  REQUIRE(read);
  const auto mapped = edxml::map_message(std::get<edxml::Message>(read->content), b.edxml_setup->organisations, {});
  REQUIRE(mapped);
  CHECK(mapped->fields.id == b.deliveries[0].document.id);
  CHECK(b.store->delivery_of(b.deliveries[0].document.id) == std::string(test::kDelivery));
}

TEST_CASE("A crash before the edXML file is whole writes it anew, and the delivery is not taken twice") {
  EdxmlInbox b;
  b.deliver();
  b.background.reset();  // a crash: what was written is not put in place
  b.put(std::string(".staging/") + test::kDelivery + ".edxml.part", "half");
  b.start();
  b.finish_background();
  CHECK(b.list("inbox") == Names{std::string(test::kDelivery) + ".edxml"});
  CHECK(b.list(".staging").empty());
  std::filesystem::remove(b.path(std::string("inbox/") + test::kDelivery + ".edxml"));
  b.start();
  b.deliver();
  CHECK(b.list("inbox").empty());
  CHECK(b.list(".staging").empty());
}

TEST_CASE("A crash after the edXML file is whole puts it in place at the start") {
  EdxmlInbox b;
  b.deliver();
  b.background.reset();
  std::filesystem::remove(b.path(std::string(".staging/") + test::kDelivery + ".edxml.part"));
  b.put(std::string(".staging/") + test::kDelivery + ".edxml", "whole");
  b.start();
  CHECK(b.list("inbox") == Names{std::string(test::kDelivery) + ".edxml"});
  CHECK(b.read(std::string("inbox/") + test::kDelivery + ".edxml") == "whole");
  CHECK(b.list(".staging").empty());
}

TEST_CASE("A delivery between parties without a code comes as JSON") {
  EdxmlInbox b("ubnd.huyen");
  b.deliver();
  CHECK(b.list("inbox") == Names{std::string(test::kDelivery) + ".json"});
  CHECK(b.list(".staging").empty());
}

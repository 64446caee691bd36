// Attachments from the outbox folder to sent/, and from the hub into the inbox folder.
#include "adapters/folder/status_files.hpp"
#include "agency_bench.hpp"
#include "hub/base/error_catalogue.hpp"

using namespace hub;
using Names = std::vector<std::string>;

namespace {

struct Sender : test::OutboxBench {
  void attach(const std::string& name, const std::string& content, const std::string& folder = "a.files") {
    std::filesystem::create_directories(path("outbox/" + folder));
    put("outbox/" + folder + "/" + name, content);
  }
  void put_document(const std::string& attachments) {
    put("outbox/a.json", R"({"type":"trial-result-report/1","subject":"x","to":"btg.huyen","data":{"outcome":"x"},
                             "attachments":)" +
                             attachments + "}");
  }
  // Everything that can be taken, when its attachments have been read.
  std::vector<folder::Submission> take() {
    auto taken = OutboxBench::take();
    while (outbox->measuring()) outbox->measure();
    if (!outbox->more_waiting()) return taken;
    for (folder::Submission& s : OutboxBench::take()) taken.push_back(std::move(s));
    return taken;
  }
  std::string refusal() const { return read("refused/a.refusal.json"); }
};

struct Recipient : test::InboxBench {
  std::vector<sdk::ContentRequest> requests;

  Recipient() {
    const auto attachment = [](const std::string& name, const std::string& content) {
      return registry::AttachmentFields{name, "text/plain", "", content.size(), crypto::sha256(as_bytes(content))};
    };
    make({test::make_document("vks.huyen", "toa-an.huyen", 1, "x",
                              {attachment("1", "một"), attachment("Báo cáo.txt", "hai")}),
          test::make_document("vks.huyen", "toa-an.huyen", 2)});
  }
  void start() {
    InboxBench::start();
    requests = inbox->take_requests();
  }
  void deliver() {
    InboxBench::deliver();
    requests = inbox->take_requests();
  }
  // What the client does: the content stands at the path of its request.
  void fetch(std::size_t i, const std::string& content) {
    std::ofstream(requests[i].path) << content;
    REQUIRE(inbox->store_content(requests[i], test::kNow));
  }
};

}  // namespace

TEST_CASE("Attachments are measured, and stand in the document as they are") {
  Sender s;
  s.attach("a.pdf", "nội dung");
  s.attach("b", "");
  s.put_document(R"([{"file":"a.pdf","name":"Báo cáo.pdf","mediatype":"application/pdf"},{"name":"b"}])");
  const auto taken = s.take();
  REQUIRE(taken.size() == 1);
  const auto view = registry::read_document(taken[0].document);
  const auto attachments = registry::read_attachments(view->attachments);
  REQUIRE(attachments.size() == 2);
  CHECK(attachments[0].name == "Báo cáo.pdf");
  CHECK(attachments[0].size == std::string("nội dung").size());
  CHECK(attachments[0].sha256 == crypto::sha256(as_bytes("nội dung")));
  CHECK(attachments[1].size == 0);
  CHECK(s.outbox->open_content(taken[0].ticket, 0)->size() == std::string("nội dung").size());
  CHECK_FALSE(s.outbox->open_content(taken[0].ticket, 2).has_value());
}

TEST_CASE("An attachment that needs several looks is measured whole") {
  Sender s;
  const std::string large(2 * folder::Measuring::kBytesAtOnce + 5, 'x');
  s.attach("large", large);
  s.put_document(R"([{"name":"large"}])");
  CHECK(s.outbox->take(test::kMany, test::kNow)->empty());
  int looks = 1;
  while (s.outbox->measure()) ++looks;
  CHECK(looks == 3);
  const auto taken = s.take();
  REQUIRE(taken.size() == 1);
  CHECK(registry::read_attachments(registry::read_document(taken[0].document)->attachments)[0].sha256 ==
        crypto::sha256(as_bytes(large)));
}

TEST_CASE("More documents than are measured at once are all taken") {
  Sender s;
  const std::size_t count = folder::Measuring::kDocumentsAtOnce * 2 + 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "n" + std::to_string(i);
    s.attach("a", name, name + ".files");
    s.put("outbox/" + name + ".json",
          R"({"type":"a/1","subject":"x","to":"b","data":{},"attachments":[{"name":"a"}]})");
  }
  std::size_t taken = 0;
  for (int round = 0; round < 10; ++round) taken += s.take().size();
  CHECK(taken == count);
}

TEST_CASE("Attachments go with their file to sent, and to refused") {
  for (const bool accepted : {true, false}) {
    Sender s;
    s.attach("a.pdf", "x");
    s.put_document(R"([{"name":"a.pdf"}])");
    s.outbox->answer(s.take().at(0).ticket, s.result(accepted ? "accepted" : "no-agreement"));
    s.settle();
    const std::string to = accepted ? "sent" : "refused";
    CHECK(s.list("outbox").empty());
    CHECK(s.read(to + "/a.files/a.pdf") == "x");
    CHECK(s.has(to + "/a.json"));
  }
}

TEST_CASE("A crash between the moves of attachments and file is finished by the next start") {
  Sender s;
  s.attach("a.pdf", "x");
  s.put_document(R"([{"name":"a.pdf"}])");
  const sdk::Ticket ticket = s.take().at(0).ticket;
  const wire::DocumentResult result = s.result("accepted");
  const sdk::OutboxResult stored{ticket, sdk::OutboxState::accepted,   result.position,
                                 {},     folder::write_answer(result), "a"};
  REQUIRE(s.store->record({&stored, 1}, {}, test::kNow));
  std::filesystem::rename(s.path("outbox/a.files"), s.path("sent/a.files"));
  s.start();
  CHECK(s.recovered.empty());
  s.settle();
  CHECK(s.list("outbox").empty());
  CHECK(s.list("sent") == Names{"a.files", "a.json"});
}

TEST_CASE("A document from before knows its attachments after a restart") {
  Sender s;
  s.attach("a.pdf", "x");
  s.put_document(R"([{"name":"a.pdf"}])");
  REQUIRE(s.take().size() == 1);
  s.start();
  REQUIRE(s.recovered.size() == 1);
  CHECK(s.outbox->open_content(s.recovered[0].ticket, 0)->size() == 1u);
}

TEST_CASE("An attachment that is missing, a link, or another than the file says refuses the file") {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"name":"missing"}])", "attachment-unreadable"},
      {R"([{"name":"link"}])", "attachment-unreadable"},
      {R"([{"name":"a.pdf","size":2}])", "attachment-digest-wrong"},
      {R"([{"name":"a.pdf","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}])",
       "attachment-digest-wrong"},
      {R"([{"name":"../a.json"}])", "schema-violation"},
      {R"([{"name":"Tuyệt mật.pdf","file":"a.pdf"}])", "secrecy-mark"}};
  for (const auto& [attachments, code] : cases) {
    CAPTURE(attachments);
    Sender s;
    s.attach("a.pdf", "x");
    std::filesystem::create_symlink("/etc/passwd", s.path("outbox/a.files/link"));
    s.put_document(attachments);
    CHECK(s.take().empty());
    CHECK(s.refusal().find(code) != std::string::npos);
    CHECK(s.has("refused/a.files/a.pdf"));
  }
}

TEST_CASE("A delivery with attachments appears when the last one is there, and others don't wait for it") {
  Recipient r;
  r.deliver();
  CHECK(r.list("inbox") == Names{"abcdef01-000000000042-0.json"});
  CHECK(r.store->progress()->deliveries_stored == StreamSequence(2));
  REQUIRE(r.requests.size() == 2);
  CHECK(r.requests[0].document == Position(41));
  CHECK(r.requests[1].attachment == 1);
  r.fetch(1, "hai");
  CHECK_FALSE(r.has(std::string("inbox/") + test::kDelivery + ".json"));
  r.fetch(0, "một");
  CHECK(r.read(std::string("inbox/") + test::kDelivery + ".files/1") == "một");
  CHECK(r.read(std::string("inbox/") + test::kDelivery + ".files/Báo cáo.txt") == "hai");
  CHECK(r.read(std::string("inbox/") + test::kDelivery + ".json").find("Báo cáo.txt") != std::string::npos);
  CHECK(r.list(".staging").empty());
  r.start();
  CHECK(r.requests.empty());
  r.deliver();
  CHECK(r.requests.empty());
}

TEST_CASE("A delivery of which a content can't be had is reported as failed, and may come again") {
  Recipient r;
  r.deliver();
  const Error unknown{ErrorCode::content_unknown, {{"position", "41"}}};
  REQUIRE(r.inbox->content_failed(r.requests[1], unknown, test::kNow));
  CHECK(r.store->reports(0)->empty());  // the other one is still on its way
  r.fetch(0, "một");
  const auto reports = r.store->reports(0);
  REQUIRE(reports->size() == 1);
  const sdk::StatusReport& report = reports->front().report;
  CHECK(report.status == wire::DeliveryStatus::failed);
  CHECK(report.delivery == wire::DeliveryKey{Position(41), 0, {}});
  CHECK(report.cause == "content-unknown");
  CHECK(report.reason == "attachment 2: No such attachment");
  CHECK(report.permanent);
  CHECK(r.list(".staging").empty());
  r.start();
  CHECK(r.requests.empty());
  r.deliver();  // an operator ordered another attempt
  REQUIRE(r.requests.size() == 2);
  r.fetch(0, "một");
  r.fetch(1, "hai");
  CHECK(r.has(std::string("inbox/") + test::kDelivery + ".json"));
  CHECK(r.list(".staging").empty());
}

TEST_CASE("A crash after a delivery was given up leaves nothing of it in the staging folder") {
  Recipient r;
  r.deliver();
  REQUIRE(r.store->give_up(
      test::kDelivery,
      {{0, {Position(41), 0, {}}, wire::DeliveryStatus::failed, "x", test::kNow, "content-unknown", true},
       {},
       {},
       {}}));
  r.start();
  CHECK(r.requests.empty());
  CHECK(r.list(".staging").empty());
}

TEST_CASE("After a restart what is still missing is asked for again, and what was fetched in part stays") {
  Recipient r;
  r.deliver();
  r.fetch(0, "một");
  std::ofstream(r.requests[1].path + ".partial") << "h";
  const std::string path = r.requests[1].path;
  r.start();
  REQUIRE(r.requests.size() == 1);
  CHECK(r.requests[0].path == path);
  CHECK(std::filesystem::exists(path + ".partial"));
  r.fetch(0, "hai");
  CHECK(r.read(std::string("inbox/") + test::kDelivery + ".files/1") == "một");
  CHECK(r.has(std::string("inbox/") + test::kDelivery + ".json"));
}

TEST_CASE("A crash after a content got its name, and before the store knew, fetches nothing twice") {
  Recipient r;
  r.deliver();
  const std::string files = r.path(std::string(".staging/") + test::kDelivery + ".files");
  std::ofstream(files + "/1") << "một";
  std::ofstream(files + "/Báo cáo.txt") << "hai";
  r.start();
  CHECK(r.requests.empty());
  CHECK(r.read(std::string("inbox/") + test::kDelivery + ".files/Báo cáo.txt") == "hai");
  CHECK(r.has(std::string("inbox/") + test::kDelivery + ".json"));
}

TEST_CASE("A crash between the moves of a delivery's attachments and its file is finished by the next start") {
  Recipient r;
  r.deliver();
  const auto awaited = r.store->awaited();
  REQUIRE(awaited->size() == 2);
  for (const sdk::AwaitedContent& content : *awaited) REQUIRE(r.store->content_stored(content, test::kNow));
  std::filesystem::rename(r.path(std::string(".staging/") + test::kDelivery + ".files"),
                          r.path(std::string("inbox/") + test::kDelivery + ".files"));
  r.start();
  CHECK(r.has(std::string("inbox/") + test::kDelivery + ".json"));
  CHECK(r.list(".staging").empty());
}

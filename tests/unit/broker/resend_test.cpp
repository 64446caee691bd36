// Documents that come again after some of their recipients were refused, and documents about others.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/broker/record_codec.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using enum DeliveryStatus;
using test::CoreBench;
using test::Note;

struct ResendBench : CoreBench {
  // What an acceptance that is applied next will say to a later decision.
  EarlierAcceptance accept(const Note& note) {
    const Buffer document = test::write(note);
    HUB_CHECK(!CoreBench::decide(document) && decided.accepted);
    EarlierAcceptance out;
    out.add(state.end, decided);
    apply(decided, document.size());
    return out;
  }
  bool resend(const Note& note, const EarlierAcceptance& earlier) {
    const Buffer document = test::write(note);
    HUB_CHECK(CoreBench::decide(document) == earlier.newest());
    return decide_resend(state, batch, 0, now, earlier, {}, decided);
  }
  // Whether the agreement's one clause speaks of party-2.
  void permit_the_third(bool permitted) {
    change(registry::ItemKind::agreement, "sim/notes", [&](nlohmann::json& item) {
      item["groups"]["all"] = permitted ? nlohmann::json{"p0", "p1", "p2"} : nlohmann::json{"p0", "p1"};
    });
  }
  void report(std::size_t from, Position document, std::uint8_t outcome, DeliveryStatus status) {
    apply(DeliveryReported{endpoint(from), {document, outcome, {}}, status, {}, now, true});
  }
  std::vector<std::string> outcomes() const {
    std::vector<std::string> out;
    for (const Outcome& outcome : decided.outcomes) out.emplace_back(outcome.row.outcome);
    return out;
  }
  std::size_t queued(std::size_t index) const {
    return streams(index).deliveries.waiting() + streams(index).deliveries.in_flight();
  }
};

using Outcomes = std::vector<std::string>;
const Note kToBoth{.to = "party-1,party-2"};

}  // namespace

TEST_CASE("a resend to recipients that all have it is nothing new") {
  ResendBench bench;
  const EarlierAcceptance earlier = bench.accept(kToBoth);
  CHECK_FALSE(bench.resend(kToBoth, earlier));
}

TEST_CASE("a resend decides only the recipients that were refused") {
  ResendBench bench;
  bench.permit_the_third(false);
  const EarlierAcceptance earlier = bench.accept(kToBoth);
  REQUIRE(bench.resend(kToBoth, earlier));
  CHECK_FALSE(bench.decided.accepted);
  CHECK(bench.outcomes() == Outcomes{"accepted-before", "type-not-permitted"});
  CHECK_FALSE(bench.decided.outcomes[1].facts.empty());
  bench.permit_the_third(true);
  REQUIRE(bench.resend(kToBoth, earlier));
  CHECK(bench.outcomes() == Outcomes{"accepted-before", "accepted"});
  CHECK(bench.decided.earlier_acceptance == earlier.newest());
  const Position again = bench.apply(bench.decided, 10);
  CHECK(bench.queued(1) == 1);
  CHECK(bench.queued(2) == 1);
  CHECK(bench.state.known.find(*bench.registry().party("party-0"), test::numbered(1))->position == again);
}

TEST_CASE("a resend goes again to a recipient whose system refused it, and to nobody else") {
  ResendBench bench;
  const EarlierAcceptance earlier = bench.accept(kToBoth);
  bench.report(2, earlier.newest(), 1, refused);
  CHECK_FALSE(bench.resend(kToBoth, earlier));  // the sender does not know of it yet
  bench.apply(ReceiptsAcknowledged{bench.endpoint(0), bench.streams(0).receipts.last()});
  REQUIRE(bench.resend(kToBoth, earlier));
  CHECK(bench.outcomes() == Outcomes{"accepted-before", "accepted"});
  EarlierAcceptance chain;
  const Position again = bench.state.end;
  chain.add(again, bench.decided);
  bench.apply(bench.decided, 10);
  CHECK(bench.queued(1) == 1);
  CHECK(bench.queued(2) == 2);
  CHECK(bench.state.book.find(again, 1)->state.status == pending);
}

TEST_CASE("the acceptances of a document that was sent again count as one") {
  ResendBench bench;
  bench.permit_the_third(false);
  const EarlierAcceptance first = bench.accept(kToBoth);
  Buffer record;  // as the journal has it: a decision looks into its batch, and into the agreements that it was made by
  encode(bench.registry(), Record(bench.decided), record);
  bench.permit_the_third(true);
  REQUIRE(bench.resend(kToBoth, first));
  const auto then = decode(bench.registry(), static_cast<std::uint8_t>(RecordKind::document_accepted), record,
                           bench.batch.digests[0]);
  EarlierAcceptance chain;
  chain.add(bench.state.end, bench.decided);
  chain.add(first.newest(), std::get<DocumentDecided>(then.value()));
  bench.apply(bench.decided, 10);
  CHECK(chain.recipients()[0]->position == first.newest());
  CHECK(chain.recipients()[1]->position == chain.newest());
  CHECK_FALSE(bench.resend(kToBoth, chain));
}

namespace {

struct SystemBench : ResendBench {
  SystemBench() {
    for (const char* name : {"recall", "acknowledgement", "replacement"}) {
      std::ifstream file(std::string(HUB_SOURCE_DIR) + "/schemas/types/" + name + ".1.json");
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      apply(ConfigurationChanged{registry::ItemKind::type, std::string(name) + "/1", text, "administrator:test"});
    }
    refresh(state.configuration);
  }
  static Buffer about(const char* type, std::size_t from, const std::string& to, const std::string& subject,
                      const std::vector<std::pair<std::string, std::string>>& data) {
    registry::DocumentFields fields;
    fields.id = test::numbered(900);
    fields.source = "party-" + std::to_string(from);
    fields.type = type;
    fields.subject = subject;
    fields.time = test::kStart;
    fields.to = to;
    fields.salt = Bytes<16>{7};
    BufferStream stream{fields.data};
    msgpack::packer<BufferStream> packer(stream);
    packer.pack_map(static_cast<std::uint32_t>(data.size()));
    for (const auto& [name, value] : data) packer.pack(name).pack(value);
    return registry::write_document(fields);
  }
  static Buffer recall(std::size_t from, const std::string& to, const std::string& id) {
    return about("recall/1", from, to, "Thu hồi văn bản " + id, {{"document_id", id}, {"reason", "wrong-content"}});
  }
  static Buffer acknowledgement(std::size_t from, const std::string& to, const std::string& id) {
    return about("acknowledgement/1", from, to, "Tình trạng xử lý văn bản " + id,
                 {{"document_id", id}, {"status", "registered"}, {"status_at", "2024-03-12T09:30:00+07:00"}});
  }
  // Decides it with what the engine would find of the documents that it is about.
  void decide_about(const Buffer& document, std::size_t from, const EarlierAcceptance& known) {
    current = std::make_unique<test::SignedBatch>(party(from), std::vector<Buffer>{document});
    prepare(*current, from);
    HUB_CHECK(is_about_others(state.configuration, batch.documents[0]));
    references.clear();
    for (const Position position : references_of(state, batch, 0))
      references.push_back(position == known.newest() ? known : EarlierAcceptance());
    HUB_CHECK(!decide_document(state, batch, 0, now, references, decided));
  }
  const std::string id = to_text(test::numbered(1));
  std::vector<EarlierAcceptance> references;  // what was decided looks into them
};

}  // namespace

TEST_CASE("a recall is permitted by the clause of the document that it is about, and marks its delivery") {
  SystemBench bench;
  const EarlierAcceptance known = bench.accept({});
  const Buffer document = SystemBench::recall(0, "party-1", bench.id);
  bench.decide_about(document, 0, known);
  REQUIRE(bench.outcomes() == Outcomes{"accepted"});
  CHECK(bench.decided.outcomes[0].row.agreement == "sim/notes");
  CHECK(bench.decided.outcomes[0].row.clause == "notes");
  bench.apply(bench.decided, document.size());
  CHECK(bench.state.book.find(known.newest(), 0)->state.recall_requested);
  CHECK(bench.queued(1) == 2);
}

TEST_CASE("a recall of what nobody sent, or another sent, or went to somebody else is refused") {
  SystemBench bench;
  const EarlierAcceptance known = bench.accept({});
  bench.decide_about(SystemBench::recall(0, "party-1", to_text(test::numbered(5))), 0, known);
  CHECK(bench.outcomes() == Outcomes{"reference-unknown"});
  bench.decide_about(SystemBench::recall(2, "party-1", bench.id), 2, known);
  CHECK(bench.outcomes() == Outcomes{"reference-unknown"});
  bench.decide_about(SystemBench::recall(0, "party-2", bench.id), 0, known);
  CHECK(bench.outcomes() == Outcomes{"reference-unknown"});
}

TEST_CASE("an acknowledgement goes from a document's recipient to its sender alone") {
  SystemBench bench;
  const EarlierAcceptance known = bench.accept({});
  bench.decide_about(SystemBench::acknowledgement(1, "party-0", bench.id), 1, known);
  CHECK(bench.outcomes() == Outcomes{"accepted"});
  CHECK(bench.decided.recalls.empty());
  bench.decide_about(SystemBench::acknowledgement(2, "party-0", bench.id), 2, known);
  CHECK(bench.outcomes() == Outcomes{"reference-unknown"});
  bench.decide_about(SystemBench::acknowledgement(1, "party-2", bench.id), 1, known);
  CHECK(bench.outcomes() == Outcomes{"reference-unknown"});
}

}  // namespace hub::broker

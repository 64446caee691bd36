// What each filter lets through, newest first.
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;
using Numbers = std::vector<std::uint64_t>;

namespace {

// 1 to party-1, delivered; 2 to party-2, pending, urgent; 3 refused; 4 to both; 5 of party-1, in the conversation of 1.
struct Filled : LedgerBench {
  Filled() {
    open(0);
    open(1);
    send({{.number = 1, .subject = "Kết quả xét xử", .docnumber = "12/KH-UBND"}});
    acknowledge(1, 1);
    commit();
    clock.time = UnixMicros(test::kStart.value + kMicrosPerDay);
    send({{.number = 2, .to = "party-2", .urgency = 3, .subject = "Điều động cán bộ"},
          {.number = 3, .type = simulation::kForbiddenType, .subject = "Chuyện phiếm"}});
    clock.time = UnixMicros(test::kStart.value + 2 * kMicrosPerDay);
    send({{.number = 4, .to = "party-1,party-2", .subject = "Thông báo"}});
    send({{.number = 5, .to = "party-0", .source = "party-1", .conversation = 1, .subject = "Trả lời kết quả"}}, 1);
    follow();
  }
};

ledger::DocumentFilter with(auto ledger::DocumentFilter::*member, auto value) {
  ledger::DocumentFilter filter;
  filter.*member = value;
  return filter;
}
using F = ledger::DocumentFilter;

}  // namespace

TEST_CASE("Documents are listed newest first, with their outcomes and states") {
  Filled b;
  CHECK(b.numbers({}) == Numbers{5, 4, 3, 2, 1});
  const auto rows = b.queries()->documents({}).value().rows;
  CHECK(rows[1].outcomes.size() == 2);
  CHECK(rows[4].outcomes[0].state == "delivered");
  CHECK(rows[3].outcomes[0].state == "pending");
  CHECK_FALSE(rows[2].accepted);
}

TEST_CASE("Each filter of documents lets through what it says") {
  Filled b;
  const std::string party1 = "party-1", party2 = "party-2", party0 = "party-0";
  CHECK(b.numbers(with(&F::party, party1)) == Numbers{5, 4, 3, 1});
  CHECK(b.numbers(with(&F::party, party2)) == Numbers{4, 2});
  CHECK(b.numbers(with(&F::sender, party1)) == Numbers{5});
  CHECK(b.numbers(with(&F::recipient, party2)) == Numbers{4, 2});
  CHECK(b.numbers(with(&F::recipient, party0)) == Numbers{5});
  CHECK(b.numbers(with(&F::type, std::string("note"))) == Numbers{5, 4, 2, 1});
  CHECK(b.numbers(with(&F::type, std::string(simulation::kForbiddenType))) == Numbers{3});
  CHECK(b.numbers(with(&F::type, std::string("unknown"))).empty());
  CHECK(b.numbers(with(&F::state, std::string("delivered"))) == Numbers{1});
  CHECK(b.numbers(with(&F::state, std::string("pending"))) == Numbers{5, 4, 2});
  CHECK(b.numbers(with(&F::code, std::string("type-not-permitted"))) == Numbers{3});
  CHECK(b.numbers(with(&F::accepted, false)) == Numbers{3});
  CHECK(b.numbers(with(&F::accepted, true)) == Numbers{5, 4, 2, 1});
  CHECK(b.numbers(with(&F::urgency, std::uint8_t{3})) == Numbers{2});
  CHECK(b.numbers(with(&F::urgency, std::uint8_t{0})) == Numbers{5, 4, 3, 1});
  CHECK(b.numbers(with(&F::conversation, to_text(test::numbered(1)))) == Numbers{5, 1});
}

TEST_CASE("A clause is found by its agreement, alone, and together") {
  Filled b;
  const std::string agreement = b.value("SELECT agreement FROM outcomes WHERE outcome = 'accepted'");
  const std::string clause = b.value("SELECT clause FROM outcomes WHERE outcome = 'accepted'");
  F filter = with(&F::agreement, agreement);
  filter.accepted = true;
  CHECK(b.numbers(filter) == Numbers{5, 4, 2, 1});
  CHECK(b.numbers(with(&F::clause, clause)).front() == 5);
  CHECK(b.numbers(with(&F::clause, std::string("another"))).empty());
  filter.clause = clause;
  CHECK(b.numbers(filter) == Numbers{5, 4, 2, 1});
  filter.clause = "another";
  CHECK(b.numbers(filter).empty());
}

TEST_CASE("Words are found with and without diacritics, in any case and order, in subject and number") {
  Filled b;
  const auto found = [&](const char* text) { return b.numbers(with(&F::text, std::string(text))); };
  CHECK(found("kết quả") == Numbers{5, 1});
  CHECK(found("ket qua") == Numbers{5, 1});
  CHECK(found("XÉT XỬ") == Numbers{1});
  CHECK(found("quả xét kết") == Numbers{1});
  CHECK(found("điều động") == Numbers{2});
  CHECK(found("dieu dong") == Numbers{2});
  CHECK(found("ĐIỀU") == Numbers{2});
  CHECK(found("12/kh") == Numbers{1});
  CHECK(found("thông bá") == Numbers{4});  // the last word has only begun
  CHECK(found("thong khong co").empty());
  CHECK(found("\" OR NEAR(").empty());
}

TEST_CASE("Words are looked for among a party's documents alone, whatever its part in them") {
  Filled b;
  const auto found = [&](const char* text, auto F::*member, const char* party) {
    F filter = with(member, std::string(party));
    filter.text = text;
    return b.numbers(filter);
  };
  CHECK(found("ket qua", &F::party, "party-1") == Numbers{5, 1});
  CHECK(found("ket qua", &F::sender, "party-1") == Numbers{5});
  CHECK(found("ket qua", &F::recipient, "party-1") == Numbers{1});
  CHECK(found("ket qua", &F::party, "party-2").empty());
  CHECK(found("ket", &F::party, "party").empty());  // no beginning of an id
  CHECK(found("ket", &F::party, "party-1 \" OR").empty());
  CHECK(b.numbers(with(&F::text, std::string("party"))).empty());  // an id is no word of a subject
  CHECK(b.numbers(with(&F::text, std::string("@party-1"))).empty());
}

TEST_CASE("A case is found by its number, however that is written, alone and with words and parties") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .subject = "Trước xét xử", .case_ref = "15/2022/VA-VKS"},
          {.number = 2, .to = "party-2", .subject = "Kết quả", .case_ref = "15/2022/VA-VKS"},
          {.number = 3, .subject = "Khác", .case_ref = "15/2022/VA"},
          {.number = 4, .subject = "15/2022/VA-VKS"}});
  b.follow();
  for (const char* text : {"15/2022/VA-VKS", "15-2022 va vks", " 15/2022/Va–vks "})
    CHECK(b.numbers(with(&F::case_reference, std::string(text))) == Numbers{2, 1});
  CHECK(b.numbers(with(&F::case_reference, std::string("15/2022/VA-VK"))).empty());
  F filter = with(&F::case_reference, std::string("15/2022/VA-VKS"));
  filter.text = "ket qua";
  CHECK(b.numbers(filter) == Numbers{2});
  filter.text = "khac";
  CHECK(b.numbers(filter).empty());
  filter.text.reset();
  filter.recipient = "party-1";
  CHECK(b.numbers(filter) == Numbers{1});
  filter.conversation = to_text(test::numbered(2));
  CHECK(b.numbers(filter).empty());
  CHECK(b.queries()->documents(with(&F::case_reference, std::string("/-"))).error().code == ErrorCode::usage);
  const auto row = b.queries()->documents(with(&F::case_reference, std::string("15/2022/VA"))).value().rows.at(0);
  CHECK(b.queries()->trace(row.id)->case_references == std::vector<std::string>{"15/2022/VA"});
}

TEST_CASE("Times bound a list, the end apart") {
  Filled b;
  F filter;
  filter.from = UnixMicros(test::kStart.value + kMicrosPerDay);
  CHECK(b.numbers(filter) == Numbers{5, 4, 3, 2});
  filter.until = UnixMicros(test::kStart.value + 2 * kMicrosPerDay);
  CHECK(b.numbers(filter) == Numbers{3, 2});
  filter.from = UnixMicros(test::kStart.value + 9 * kMicrosPerDay);
  filter.until.reset();
  CHECK(b.numbers(filter).empty());
}

TEST_CASE("Filters that are set together must all hold") {
  Filled b;
  F filter = with(&F::party, std::string("party-1"));
  filter.sender = "party-0";
  filter.state = "pending";
  CHECK(b.numbers(filter) == Numbers{4});
  filter.text = "thong bao";
  CHECK(b.numbers(filter) == Numbers{4});
  filter.urgency = 3;
  CHECK(b.numbers(filter).empty());
}

TEST_CASE("Pages follow each other without a gap or a repetition") {
  Filled b;
  for (const bool by_party : {false, true}) {
    F filter;
    filter.limit = 2;
    if (by_party) filter.party = "party-0";
    Numbers all;
    for (int pages = 0; pages < 10; ++pages) {
      const auto page = b.queries()->documents(filter).value();
      for (const auto& document : page.rows) all.push_back(LedgerBench::number_of(document.id));
      if (!page.next) break;
      filter.before = page.next;
    }
    CHECK(all == Numbers{5, 4, 3, 2, 1});
  }
}

TEST_CASE("A filter's value that can't be is refused") {
  Filled b;
  const auto code = [&](const F& filter) { return b.queries()->documents(filter).error().code; };
  CHECK(code(with(&F::state, std::string("lost"))) == ErrorCode::usage);
  CHECK(code(with(&F::text, std::string("?!"))) == ErrorCode::usage);
  CHECK(code(with(&F::limit, std::size_t{0})) == ErrorCode::usage);
  CHECK(code(with(&F::limit, ledger::kPageMax + 1)) == ErrorCode::usage);
  CHECK(b.queries()->documents(with(&F::limit, ledger::kPageMax)));
  CHECK(b.queries()->documents(with(&F::party, std::string(ledger::kFilterBytesMax, 'a'))));
  CHECK(code(with(&F::party, std::string(ledger::kFilterBytesMax + 1, 'a'))) == ErrorCode::usage);
}

TEST_CASE("Each filter of deliveries lets through what it says") {
  Filled b;
  using D = ledger::DeliveryFilter;
  const auto found = [&](auto D::*member, auto value) {
    D filter;
    filter.*member = value;
    std::vector<std::string> out;
    const auto page = b.queries()->deliveries(filter).value();
    for (const auto& l : page.rows)
      out.push_back(std::to_string(LedgerBench::number_of(l.document_id)) + l.recipient.substr(5));
    return out;
  };
  using Texts = std::vector<std::string>;
  CHECK(found(&D::limit, std::size_t{50}) == Texts{"5-0", "4-2", "4-1", "2-2", "1-1"});
  CHECK(found(&D::limit, std::size_t{2}) == Texts{"5-0", "4-2", "4-1"});  // whole documents
  CHECK(found(&D::recipient, std::string("party-2")) == Texts{"4-2", "2-2"});
  CHECK(found(&D::sender, std::string("party-1")) == Texts{"5-0"});
  CHECK(found(&D::party, std::string("party-1")) == Texts{"5-0", "4-1", "1-1"});
  CHECK(found(&D::endpoint, b.scenery.parties[2].endpoint) == Texts{"4-2", "2-2"});
  CHECK(found(&D::state, std::string("delivered")) == Texts{"1-1"});
  CHECK(found(&D::state, std::string("pending")) == Texts{"5-0", "4-2", "4-1", "2-2"});
  CHECK(found(&D::state, std::string("failed")).empty());
  CHECK(found(&D::type, std::string("note")).size() == 5);
  CHECK(found(&D::cause, std::string("io-failed")).empty());
  CHECK(b.queries()->deliveries_by_cause({}).value().empty());
}

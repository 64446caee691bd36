#include <fcntl.h>
#include <sys/stat.h>

#include "adapters/sdk/holdings.hpp"
#include "agency_bench.hpp"

using namespace hub;
using test::OutboxBench;
using Names = std::vector<std::string>;

namespace {

constexpr char kId[] = "01890000-0000-8000-8000-000000000001";

}  // namespace

TEST_CASE("An accepted file moves to sent with its status beside") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json());
  const auto taken = b.take();
  REQUIRE(taken.size() == 1);
  b.outbox->answer(taken[0].ticket, b.result("accepted"));
  b.settle();
  CHECK(b.list("outbox").empty());
  CHECK(b.list("sent") == Names{"a.json"});
  CHECK(b.list("status") == Names{"a.accepted.json"});
  CHECK(b.read("status/a.accepted.json").find("\"position\": 10482") != std::string::npos);
  CHECK(b.list(".staging").empty());
  CHECK(b.take().empty());
}

TEST_CASE("A refused file moves to refused with its reasons beside") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json());
  b.outbox->answer(b.take()[0].ticket, b.result("sender-mismatch"));
  b.settle();
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.refusal.json").find("\"code\": \"sender-mismatch\"") != std::string::npos);
}

TEST_CASE("A file with a secrecy mark is refused before anything of it is stored, and its reasons don't repeat it") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json("", "Kế hoạch (TỐI MẬT)"));
  CHECK(b.take().empty());
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.refusal.json").find("secrecy-mark") != std::string::npos);
  CHECK(b.read("refused/a.vi.txt").find("/subject có dấu chỉ độ mật: Tối mật") != std::string::npos);
  CHECK(b.read("refused/a.vi.txt").find("Kế hoạch") == std::string::npos);
}

TEST_CASE("A name that is taken gets the next number") {
  OutboxBench b;
  for (int i = 0; i < 3; ++i) {
    b.put("outbox/a.json", b.document_json("", "Lần " + std::to_string(i)));
    b.outbox->answer(b.take().at(0).ticket, b.result("accepted"));
    b.settle();
  }
  CHECK(b.list("sent") == Names{"a-2.json", "a-3.json", "a.json"});
  CHECK(b.list("status") == Names{"a-2.accepted.json", "a-3.accepted.json", "a.accepted.json"});
}

TEST_CASE("A file that is no document is refused with its line and never stops the others") {
  OutboxBench b;
  b.put("outbox/1.json", "{\n  \"type\": ,\n}");
  b.put("outbox/2.json", "");
  b.put("outbox/3.json", "[]");
  b.put("outbox/4.json", b.document_json());
  CHECK(b.take().size() == 1);
  CHECK(b.list("outbox") == Names{"4.json"});
  CHECK(b.list("refused").size() == 12);
  CHECK(b.read("refused/1.refusal.json").find("\"line\": \"2\"") != std::string::npos);
  CHECK(b.read("refused/1.vi.txt").find("Dòng 2") != std::string::npos);
  CHECK(b.read("refused/2.refusal.json").find("file-not-json") != std::string::npos);
  CHECK(b.read("refused/3.refusal.json").find("schema-violation") != std::string::npos);
}

TEST_CASE("Folders, links and pipes are left alone and nothing hangs") {
  OutboxBench b;
  std::filesystem::create_directory(b.path("outbox/folder.json"));
  std::filesystem::create_symlink("/etc/passwd", b.path("outbox/link.json"));
  REQUIRE(::mkfifo(b.path("outbox/pipe.json").c_str(), 0600) == 0);
  b.put("outbox/.hidden", "{}");
  b.put("outbox/a.tmp", "{}");
  b.put("outbox/a.part", "{}");
  CHECK(b.take().empty());
  CHECK(b.list("outbox").size() == 6);
  CHECK(b.list("refused").empty());
}

TEST_CASE("A file of the limit is read and one byte more is refused") {
  OutboxBench b;
  b.put("outbox/a.json", std::string(100, ' '));
  CHECK(folder::read_agency_file(b.agency->outbox, "a.json", 100).kind == folder::FileRead::Kind::content);
  const auto over = folder::read_agency_file(b.agency->outbox, "a.json", 99);
  CHECK(over.kind == folder::FileRead::Kind::refused);
  CHECK(over.error.code == ErrorCode::file_too_large);
}

TEST_CASE("A file that somebody is still writing is left until it is closed") {
  OutboxBench b;
  const int writer = ::open(b.path("outbox/a.json").c_str(), O_CREAT | O_WRONLY, 0600);
  REQUIRE(::write(writer, "{", 1) == 1);
  CHECK(b.take().empty());
  CHECK(b.list("refused").empty());
  ::close(writer);
  b.put("outbox/a.json", b.document_json());
  CHECK(b.take().size() == 1);
}

TEST_CASE("The first files by name are taken up to the limit and the rest wait as files") {
  OutboxBench b;
  for (const char* name : {"c", "a", "d", "b"}) b.put(std::string("outbox/") + name, b.document_json());
  CHECK(b.take({2, 1 << 20}).size() == 2);
  CHECK(b.outbox->more_waiting());
  const auto rows = b.store->unfinished();
  REQUIRE(rows->size() == 2);
  CHECK(rows->at(0).file.name == "a");
  CHECK(rows->at(1).file.name == "b");
  CHECK(b.take({2, 1 << 20}).size() == 2);
  CHECK_FALSE(b.outbox->more_waiting());
}

TEST_CASE("After a crash with the document stored the same bytes go again, once") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json());
  const Buffer document = b.take().at(0).document;
  b.start();
  REQUIRE(b.recovered.size() == 1);
  CHECK(b.recovered[0].document == document);
  CHECK(b.take().empty());
}

TEST_CASE("After a crash with the answer stored the file is filed under the name that was chosen") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json());
  const auto ticket = b.take().at(0).ticket;
  Buffer stored;
  wire::ResultsWriter(stored, 0, 1).add(b.result("accepted"));
  const sdk::OutboxResult answer{ticket, sdk::OutboxState::accepted, Position(10482), {}, stored, "a-7"};
  REQUIRE(b.store->record({&answer, 1}, {}, test::kNow));
  SECTION("and it was not moved yet") {
    b.start();
    b.settle();
    CHECK(b.list("sent") == Names{"a-7.json"});
    CHECK(b.list("status") == Names{"a-7.accepted.json"});
  }
  SECTION("and it was moved already") {
    std::filesystem::rename(b.path("outbox/a.json"), b.path("sent/a-7.json"));
    b.start();
    b.settle();
    CHECK(b.list("sent") == Names{"a-7.json"});
  }
  SECTION("and another file has its name now") {
    std::filesystem::rename(b.path("outbox/a.json"), b.path("sent/a-7.json"));
    b.put("outbox/a.json", b.document_json("", "Khác"));
    b.start();
    b.settle();
    CHECK(b.list("outbox") == Names{"a.json"});
    CHECK(b.take().size() == 1);
  }
  CHECK(b.recovered.empty());
  CHECK(b.list("outbox").size() == b.store->unfinished()->size());
}

TEST_CASE("After a crash a file that was refused without the hub is filed with the reason and name of then") {
  OutboxBench b;
  b.put("outbox/a.json", "{");
  std::filesystem::create_directories(b.path("outbox/a.files"));
  const auto file = folder::identify(b.agency->outbox, "a.json");
  REQUIRE(file.has_value());
  const Buffer reason = folder::write_answer(b.result("attachment-digest-wrong", {{"file", "x.pdf"}}));
  REQUIRE(b.store->refuse(*file, reason, "a", test::kNow));
  SECTION("and nothing was moved yet") {}
  SECTION("and the reason was written") { b.put("refused/a.refusal.json", "viết dở"); }
  SECTION("and its attachments were moved") {
    std::filesystem::rename(b.path("outbox/a.files"), b.path("refused/a.files"));
  }
  b.start();
  CHECK(b.take().empty());
  b.settle();
  CHECK(b.list("refused") == Names{"a.en.txt", "a.files", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.refusal.json").find("attachment-digest-wrong") != std::string::npos);
  CHECK(b.list("outbox").empty());
  CHECK(b.store->unfinished()->empty());
}

TEST_CASE("A file that was refused without the hub leaves nothing in the store") {
  OutboxBench b;
  b.put("outbox/a.json", "{");
  CHECK(b.take().empty());
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  b.store.reset();
  CHECK(sdk::read_holdings(b.root + "/state.sqlite")->outbox.empty());
}

TEST_CASE("The same id and content again is answered from the store and other content asks the hub") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json(kId));
  b.outbox->answer(b.take().at(0).ticket, b.result("accepted"));
  b.settle();
  b.put("outbox/b.json", b.document_json(kId));
  CHECK(b.take().empty());
  b.settle();
  CHECK(b.list("sent") == Names{"a.json", "b.json"});
  CHECK(b.list("status") == Names{"a.accepted.json", "b.accepted.json"});
  b.put("outbox/c.json", b.document_json(kId, "Nội dung khác"));
  CHECK(b.take().size() == 1);
}

TEST_CASE("The same file after a refusal is sent anew") {
  OutboxBench b;
  b.put("outbox/a.json", b.document_json(kId));
  b.outbox->answer(b.take().at(0).ticket, b.result("no-agreement"));
  b.settle();
  std::filesystem::rename(b.path("refused/a.json"), b.path("outbox/a.json"));
  CHECK(b.take().size() == 1);
}

TEST_CASE("A long name is cut for what stands beside the file") {
  OutboxBench b;
  std::string name;
  while (name.size() < 240) name += "ế";
  b.put("outbox/" + name + ".json", "no document");
  CHECK(b.take().empty());
  CHECK(b.list("outbox").empty());
  CHECK(b.list("refused").size() == 4);
  CHECK(folder::stem_of(std::string(150, 'a') + ".json").size() == 150);
  CHECK(folder::stem_of(std::string(151, 'a') + ".json").size() == 150);
}

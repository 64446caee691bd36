#include "hub/runtime/notary.hpp"

#include <catch2/catch.hpp>

#include "hub/crypto/checkpoint.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::runtime {
namespace {

using namespace std::chrono_literals;

const crypto::SigningKey kOld = crypto::SigningKey::from_seed(Bytes<32>{1});
const crypto::SigningKey kNew = crypto::SigningKey::from_seed(Bytes<32>{2});
const crypto::NoteKey kOldKey{"hub.test", kOld.public_key()}, kNewKey{"hub.test", kNew.public_key()};

struct NotaryBench {
  test::TemporaryFolder folder;
  test::FakeDisk disk;
  std::unique_ptr<journal::Journal> journal;
  std::uint64_t seed;

  explicit NotaryBench(std::uint64_t records = 10, std::uint64_t seed_of_records = 1) : seed(seed_of_records) {
    journal = journal::Journal::create(disk, journal::JournalId{7}, test::small_options()).value();
    fill(records);
    settle();
  }
  std::string tree() const { return folder.path("tree"); }
  Result<std::unique_ptr<Notary>> start(std::vector<crypto::NoteSigner> keys = {{"hub.test", kOld}}) {
    return Notary::start(tree(), std::move(keys), *journal);
  }
  void fill(std::uint64_t records) {
    for (std::uint64_t i = 0; i < records; ++i)
      journal->append(test::Sample(seed, journal->end().value, /*bytes_max=*/200).record);
  }
  // The filled group to the disk; what the loop tells the notary of it.
  void settle(Notary* notary = nullptr) {
    auto group = journal->take_group();
    if (notary != nullptr) notary->add(group->leaves);
    REQUIRE(journal->write(*group).has_value());
    const Position end = group->end;
    journal->finished(std::move(group));
    if (notary != nullptr) notary->durable(end);
  }
  crypto::Checkpoint published(const crypto::NoteKey& key = kOldKey) const {
    const auto note = evidence::read_checkpoint(tree()).value();
    REQUIRE(note.has_value());
    return crypto::open_checkpoint(*note, "hub.test", {&key, 1}).value();
  }
};

void until_size(const Notary& notary, std::uint64_t size) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (notary.vouch(0)->size < size) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("a start signs the tree that is there") {
  NotaryBench b;
  const auto notary = b.start().value();
  CHECK(notary->vouch(0)->size == 10);
  CHECK(b.published() == crypto::Checkpoint{"hub.test", 10, b.journal->tree().root()});
}

TEST_CASE("a checkpoint leaves when its group is durable, and not before") {
  NotaryBench b;
  const auto notary = b.start().value();
  b.fill(5);
  auto group = b.journal->take_group();
  notary->add(group->leaves);
  CHECK(notary->vouch(0)->size == 10);
  REQUIRE(b.journal->write(*group).has_value());
  b.journal->finished(std::move(group));
  CHECK(notary->vouch(0)->size == 10);
  notary->durable(Position(15));
  until_size(*notary, 15);
  const auto vouched = notary->vouch(10);
  const auto shown = crypto::open_checkpoint(vouched->note, "hub.test", {&kOldKey, 1}).value();
  CHECK(shown.root == b.journal->tree().root());
  CHECK_FALSE(vouched->proof.empty());
}

TEST_CASE("the last durable checkpoint is published before the notary ends") {
  NotaryBench b;
  auto notary = b.start().value();
  for (int i = 0; i < 3; ++i) {
    b.fill(20);
    b.settle(notary.get());
  }
  notary.reset();
  CHECK(b.published().size == 70);
  CHECK(b.start().value()->vouch(0)->size == 70);
}

TEST_CASE("while tree keys overlap each of them vouches") {
  NotaryBench b;
  const auto notary = b.start({{"hub.test", kOld}, {"hub.test", kNew}}).value();
  CHECK(b.published(kOldKey) == b.published(kNewKey));
}

TEST_CASE("a journal that does not reach, or does not continue, what was signed is refused") {
  NotaryBench b;
  b.start().value().reset();
  const auto start_with = [&](NotaryBench& other) {
    return Notary::start(b.tree(), {{"hub.test", kOld}}, *other.journal);
  };
  NotaryBench same(10), longer(12), shorter(9), changed(10, /*seed_of_records=*/2);
  CHECK(start_with(shorter).error().code == ErrorCode::journal_damaged);
  CHECK(start_with(changed).error().code == ErrorCode::journal_damaged);
  CHECK(start_with(same).has_value());
  CHECK(start_with(longer).has_value());
}

}  // namespace hub::runtime

// Which document ids of which party are known, and under which position. Only acceptance consumes an id; of a refusal
// it is remembered that it happened, so that a resend is linked to it. Kept for the horizon: older documents are
// refused by their signed time (document-too-old), so nothing that was forgotten can come again.
// No allocation per document: an open-addressing table that doubles. Owned by the state; one thread.
#pragma once

#include <vector>

#include "hub/base/ring.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"

namespace hub::broker {

constexpr std::int64_t kHorizonMicros = 30 * kMicrosPerDay;

struct KnownDocument {
  Position position;
  Bytes<16> digest_start{};  // of the document's digest
  bool accepted = false;
};

class Deduplication {
 public:
  // `seed` keys the hash, so that nobody can choose ids that collide. It has no influence on any answer.
  explicit Deduplication(std::uint64_t seed) : seed_(seed), slots_(1024) {}

  const KnownDocument* find(PartyIndex party, const Uuid& id) const;
  void put(PartyIndex party, const Uuid& id, const KnownDocument& document, UnixMicros now);
  // Forgets what was put before `before`.
  void forget(UnixMicros before);
  std::size_t size() const { return size_; }

  void reserve(std::size_t count);

  template <class Visit>  // (when it was put, party, id, document), in the order in which they will be forgotten
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < expiries_.size(); ++i) {
      const Expiry& put = expiries_[i];
      if (const KnownDocument* document = current(put)) visit(put.put, put.party, put.id, *document);
    }
  }

 private:
  struct Slot {
    Uuid id;
    PartyIndex party;
    bool used = false;
    KnownDocument document;
  };
  struct Expiry {
    UnixMicros put;
    PartyIndex party;
    Uuid id;
    Position position;
  };
  std::size_t home(PartyIndex party, const Uuid& id) const;
  std::size_t locate(PartyIndex party, const Uuid& id) const;  // its slot, or the free one where it would go
  const KnownDocument* current(const Expiry& put) const;  // nullptr: its id was put again since
  void erase(std::size_t slot);
  void grow();

  std::uint64_t seed_;
  std::vector<Slot> slots_;  // a power of two, at most 3/4 full
  std::size_t size_ = 0;
  Ring<Expiry> expiries_;
};

}  // namespace hub::broker

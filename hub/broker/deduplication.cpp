#include "hub/broker/deduplication.hpp"

namespace hub::broker {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::size_t Deduplication::home(PartyIndex party, const Uuid& id) const {
  const auto low = load_le<std::uint64_t>(id.bytes.data());
  const auto high = load_le<std::uint64_t>(id.bytes.data() + 8);
  const std::uint64_t hash = mix(mix(low ^ seed_, high ^ 0xe7037ed1a0b428dbu) ^ party.value, seed_ | 1);
  return static_cast<std::size_t>(hash) & (slots_.size() - 1);
}

std::size_t Deduplication::locate(PartyIndex party, const Uuid& id) const {
  std::size_t slot = home(party, id);
  while (slots_[slot].used && (slots_[slot].party != party || slots_[slot].id != id))
    slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

const KnownDocument* Deduplication::find(PartyIndex party, const Uuid& id) const {
  const Slot& slot = slots_[locate(party, id)];
  return slot.used ? &slot.document : nullptr;
}

void Deduplication::put(PartyIndex party, const Uuid& id, const KnownDocument& document, UnixMicros now) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = slots_[locate(party, id)];
  if (!slot.used) ++size_;
  slot = Slot{id, party, true, document};
  expiries_.push_back({now, party, id, document.position});
}

void Deduplication::forget(UnixMicros before) {
  while (!expiries_.empty() && expiries_.front().put < before) {
    const Expiry& oldest = expiries_.front();
    if (current(oldest) != nullptr) erase(locate(oldest.party, oldest.id));
    expiries_.pop_front();
  }
}

// An id that was put again (accepted after a refusal) has a younger entry in the queue.
const KnownDocument* Deduplication::current(const Expiry& put) const {
  const KnownDocument* document = find(put.party, put.id);
  return document != nullptr && document->position == put.position ? document : nullptr;
}

void Deduplication::reserve(std::size_t count) {
  while (count * 4 > slots_.size() * 3) grow();
}

// Removes without tombstones: later entries of the same run move back to where a search would look for them.
void Deduplication::erase(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = slot;
  for (std::size_t next = (hole + 1) & mask; slots_[next].used; next = (next + 1) & mask) {
    const std::size_t wanted = home(slots_[next].party, slots_[next].id);
    if (((next - wanted) & mask) < ((next - hole) & mask)) continue;
    slots_[hole] = slots_[next];
    hole = next;
  }
  slots_[hole] = Slot{};
  --size_;
}

void Deduplication::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old)
    if (slot.used) slots_[locate(slot.party, slot.id)] = slot;
}

}  // namespace hub::broker

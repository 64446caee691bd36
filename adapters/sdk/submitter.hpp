// The documents that wait for the hub's answer: which go into the next batch, which are out, which must go again.
// Batches form by themselves: whatever waits when the loop comes round goes out together. No timers.
//
// One thread owns it. It knows no socket; the time is told.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "hub/crypto/keys.hpp"
#include "hub/wire/session.hpp"
#include "hub/wire/submit.hpp"

namespace hub::sdk {

using SteadyTime = std::chrono::steady_clock::time_point;
// The caller's name for a submitted document; comes back with its result.
using Ticket = std::uint64_t;

class Submitter {
 public:
  using OnResult = std::function<void(Ticket, const wire::DocumentResult&)>;
  // A document that the hub would accept if its attachments were there (attachments_needed, attachments_quota). It
  // stays here, held, while others go on.
  using OnHeld = std::function<void(Ticket, ErrorCode, ByteView document)>;

  Submitter(crypto::SigningKey key, std::string party, OnResult on_result, OnHeld on_held);

  // The bytes stay here until the hub answered. document_too_large.
  Result<void> add(Ticket ticket, Buffer document);

  // A session is open: the hub's origin and limits are those of its WELCOME. What was out and unanswered goes again.
  void start(const wire::Welcome& welcome);
  // The session ended.
  void stop();

  // Fills `frame` with the next signed SUBMIT; false when nothing may go now.
  bool next_batch(Buffer& frame, SteadyTime now);
  // The answers to a batch. Frame_malformed when there is no such batch or the numbers differ.
  Result<void> take(const wire::Results& results, SteadyTime now);
  // The hub took nothing of this batch.
  void take_refusal(std::uint64_t batch, const Error& error, SteadyTime now);

  // A held document goes again, before all that waits; or ends with this refusal.
  void submit_again(Ticket ticket);
  void refuse_held(Ticket ticket, const Error& error);

  // When next_batch is worth another call because a pause ends; nothing without a pause.
  std::optional<SteadyTime> paused_until() const { return paused_until_; }
  std::size_t documents() const { return documents_; }  // not yet answered
  std::size_t bytes() const { return bytes_; }
  // Those that go out as soon as a session is open.
  std::size_t ready_documents() const { return documents_ - held_.size(); }

 private:
  struct Item {
    Ticket ticket = 0;
    Buffer document;
    bool alone = false;  // its batch was refused as a whole: it goes by itself, so that the refusal finds its document
  };
  struct Batch {
    std::vector<Item> items;
    std::size_t bytes = 0;
    std::size_t answered = 0;  // so many from the front; the answers to a batch may come in several frames
    std::vector<Item> again;   // of the answered: refused for now
  };

  std::size_t count_next() const;
  void write_batch(Buffer& frame, std::uint64_t number, const Batch& batch) const;
  void finish(const Item& item, const wire::DocumentResult& result);
  void refuse(const Item& item, const Error& error);
  void put_back(std::vector<Item> items);
  void pause(SteadyTime now);

  const crypto::SigningKey key_;
  const crypto::KeyId key_id_;
  const std::string party_;
  const OnResult on_result_;
  const OnHeld on_held_;
  std::optional<wire::Welcome> welcome_;  // of the open session
  std::deque<Item> waiting_;
  std::map<std::uint64_t, Batch> out_;    // by batch number
  std::map<Ticket, Item> held_;           // until their attachments are with the hub
  std::uint64_t next_number_ = 1;
  std::size_t out_documents_ = 0, out_bytes_ = 0, documents_ = 0, bytes_ = 0;
  std::optional<SteadyTime> paused_until_;
  std::chrono::milliseconds pause_{0};
};

}  // namespace hub::sdk

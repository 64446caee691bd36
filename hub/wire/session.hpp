// The messages that open, keep and end a session. Field numbers stand beside the members.
#pragma once

#include <string>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

enum class Connection : std::uint8_t { main = 0, bulk = 1 };

// Endpoint -> hub, first on every connection.
struct Hello {
  std::uint64_t version_min = kVersion;              // 1
  std::uint64_t version_max = kVersion;              // 2
  std::string endpoint;                              // 3  must be the one whose key opened the connection
  Connection connection = Connection::main;          // 4  which socket it is: bulk for attachments (bulk.hpp)
  std::optional<Bytes<16>> journal_id;               // 5  of the hub's journal, once it is known
  StreamSequence deliveries_stored;                  // 6  everything up to here is durable at the endpoint; 0: nothing
  StreamSequence receipts_stored;                    // 7
  std::uint64_t deliveries_window_items = 1024;      // 8  how many may be unacknowledged
  std::uint64_t deliveries_window_bytes = 16 << 20;  // 9  of documents; one document may go over it
  std::uint64_t receipts_window_items = 4096;        // 10
  Position position_seen;                            // 11 1 + the highest position that the endpoint ever saw; 0: none
  std::string software;                              // 12 optional
  std::optional<std::uint64_t> tree_seen;            // 128 size of the newest checkpoint seen; 0: none; absent: keeps none
};

// Hub -> endpoint: the session is open.
struct Welcome {
  std::uint64_t version = kVersion;                        // 1
  std::string origin;                                      // 2  of the hub: goes into every batch signature
  Bytes<16> journal_id{};                                  // 3
  UnixMicros time;                                         // 4
  SessionId session;                                       // 5
  std::string party;                                       // 6
  Position durable_end;                                    // 7
  StreamSequence deliveries_next;                          // 8  the sequence of the first delivery that follows
  StreamSequence receipts_next;                            // 9
  std::uint64_t frame_bytes_max = kFrameBytesMax;          // 10
  std::uint64_t document_bytes_max = kDocumentBytesMax;    // 11
  std::uint64_t batch_documents_max = kBatchDocumentsMax;  // 12
  std::uint64_t recipients_max = kRecipientsMax;           // 13
  std::uint64_t submit_window_documents = kSubmitWindowDocuments;  // 14
  std::uint64_t submit_window_bytes = kSubmitWindowBytes;          // 15
  std::uint64_t heartbeat_millis = kHeartbeatMillis;       // 16
  std::uint64_t heartbeats_missed_max = kHeartbeatsMissedMax;  // 17
  std::uint16_t bulk_port = 0;  // 128 TCP port of the bulk connection; absent: no attachments
};

enum class Stream : std::uint8_t { deliveries = 1, receipts = 2 };

// Hub -> endpoint that keeps checkpoints: first after WELCOME, and now and then. The newest checkpoint of the journal's
// tree, and the proof that the one that it has seen, or got before, is its beginning.
struct CheckpointMessage {
  std::string_view note;  // 1 of kCheckpointBytesMax
  ByteView proof;         // 2 digests joined, at most kConsistencyHashesMax; none when it has seen none, or this one
};

// Endpoint -> hub: everything up to `stored` is durable here; the window may be changed with it.
struct Acknowledge {
  Stream stream{};                  // 1
  StreamSequence stored;            // 2
  std::uint64_t window_items = 0;   // 3
  std::uint64_t window_bytes = 0;   // 4  deliveries only
};

// Endpoint -> hub: a certificate or revocation, signed by the party's root key. Answered by Answer.
struct Credential {
  std::uint64_t request = 0;  // 1
  std::string_view text;      // 2
};

// Hub -> endpoint: certificates and revocations of the senders whose deliveries follow.
struct Credentials {
  std::vector<std::string_view> texts;  // 1
};

struct Answer {
  std::uint64_t request = 0;     // 1
  std::optional<Error> refusal;  // 2 code, 3 facts; absent: done
  Position position;             // 4 of the record
};

struct Heartbeat {
  UnixMicros time;  // 1
};

// The session ends; with a refusal that a reconnection will not cure, unless its code is retryable.
struct Goodbye {
  std::optional<Error> reason;  // 1 code, 2 facts
};

// A frame was refused; the session goes on.
struct ErrorMessage {
  Error error;                         // 1 code, 2 facts
  std::optional<std::uint64_t> batch;  // 3 the batch that it is about: nothing of it was taken
};

void write(Buffer& out, const Hello& m);
void write(Buffer& out, const Welcome& m);
void write(Buffer& out, const CheckpointMessage& m);
void write(Buffer& out, const Acknowledge& m);
void write(Buffer& out, const Credential& m);
void write(Buffer& out, const Credentials& m);
void write(Buffer& out, const Answer& m);
void write(Buffer& out, const Heartbeat& m);
void write(Buffer& out, const Goodbye& m);
void write(Buffer& out, const ErrorMessage& m);

Result<Hello> read_hello(ByteView payload);
Result<Welcome> read_welcome(ByteView payload);
Result<CheckpointMessage> read_checkpoint(ByteView payload);
Result<Acknowledge> read_acknowledge(ByteView payload);
Result<Credential> read_credential(ByteView payload);
Result<Credentials> read_credentials(ByteView payload);
Result<Answer> read_answer(ByteView payload);
Result<Heartbeat> read_heartbeat(ByteView payload);
Result<Goodbye> read_goodbye(ByteView payload);
Result<ErrorMessage> read_error(ByteView payload);

}  // namespace hub::wire

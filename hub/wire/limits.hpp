// Every bound of the protocol, in one place. A peer that goes over one gets the error named beside it; the hub tells
// its own in WELCOME. Tested at the limit and one over.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hub::wire {

constexpr std::uint8_t kVersion = 1;

constexpr std::size_t kFrameBytesMax = 4 << 20;           // frame-too-large; also ZMQ_MAXMSGSIZE
constexpr std::size_t kDocumentBytesMax = 1 << 20;        // document-too-large
constexpr std::size_t kBatchDocumentsMax = 256;           // batch-too-large
constexpr std::size_t kRecipientsMax = 255;               // recipients-too-many
constexpr std::size_t kBatchRecipientsMax = 2048;        // batch-too-large: of all documents of a batch together
constexpr std::size_t kResultsFrameRows = 256;           // a frame of results is closed before it has more rows
constexpr std::size_t kSubmitWindowDocuments = 4096;      // submit-credit-exceeded: not yet answered, an endpoint
constexpr std::size_t kSubmitWindowBytes = 32 << 20;      // submit-credit-exceeded
constexpr std::uint64_t kStreamWindowItemsMax = 65'536;   // a larger window counts as this one
constexpr std::uint64_t kStreamWindowBytesMax = 64 << 20;
constexpr std::size_t kDeliveryFrameBytes = 1 << 20;      // a frame of deliveries is closed once it holds so much
constexpr std::size_t kReceiptsFrameItems = 1024;
constexpr std::size_t kReasonBytesMax = 1000;             // frame-malformed: of a report, a receipt, an order
constexpr std::size_t kCheckpointBytesMax = 4096;         // frame-malformed
constexpr std::size_t kConsistencyHashesMax = 65;         // frame-malformed: of a consistency proof
constexpr std::size_t kCredentialBytesMax = 4096;         // frame-malformed
constexpr std::size_t kNameBytesMax = 64;                 // of a party, endpoint, type, agreement, clause
constexpr std::size_t kFactsMax = 16;                     // facts in an error
constexpr std::size_t kFactBytesMax = 4096;
constexpr std::uint32_t kHeartbeatMillis = 5'000;         // silence after which a side sends HEARTBEAT
constexpr std::uint32_t kHeartbeatsMissedMax = 3;         // heartbeat-missed: silence of so many intervals ends a session
constexpr int kHandshakeMillis = 5'000;
constexpr std::size_t kConnectionsMax = 4096;             // connections that the hub keeps at once
constexpr std::size_t kChunkBytesMax = 256 << 10;         // bulk: of a content in one frame; frame-malformed
constexpr std::size_t kBulkFrameBytesMax = kChunkBytesMax + 1024;  // bulk: frame-too-large; also ZMQ_MAXMSGSIZE
constexpr std::uint64_t kChunkCreditMax = 8;              // bulk: chunks of a transfer that are not acknowledged
constexpr std::size_t kTransfersMax = 4;                  // bulk: transfers-too-many: of a connection at once
constexpr std::size_t kHubTransfersMax = 256;             // bulk: transfers-too-many: of a hub at once
constexpr std::size_t kBulkConnectionsMax = 1024;         // bulk: connections that the hub keeps at once
constexpr std::uint64_t kFirstIgnorableField = 128;       // an unknown field below this is refused: field-unknown

}  // namespace hub::wire

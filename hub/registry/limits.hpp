// Every bound on documents, types and configuration, in one place. Tested at the limit and one over.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hub::registry {

constexpr std::size_t kDocumentBytesMax = 1 << 20;           // document-too-large
constexpr std::size_t kRecipientsMax = 255;                  // recipients-too-many
constexpr std::size_t kNameBytesMax = 64;                    // of a party, endpoint, type, agreement, clause
constexpr std::size_t kSubjectCharactersMax = 500;           // code points
constexpr std::size_t kDocumentNumberBytesMax = 64;
constexpr std::uint8_t kUrgencyMax = 4;                      // 4: Hỏa tốc hẹn giờ, needs deliverat

constexpr int kSchemaDepthMax = 32;                          // of schemas and of the values that they check
constexpr std::size_t kSchemaPropertiesMax = 64;             // named in one object schema
constexpr std::size_t kObjectMembersMax = 128;               // of one object in a checked value

constexpr std::int64_t kAttachmentsMax = 20;                          // of a document, and that a type may permit
constexpr std::int64_t kAttachmentsBytesMax = std::int64_t{4} << 30;  // of all together, that a type may permit
constexpr std::uint64_t kAttachmentBytesMax = std::uint64_t{4} << 30;
constexpr std::size_t kAttachmentNameBytesMax = 255;  // a file's name can't be longer
constexpr std::size_t kMediaTypeBytesMax = 127;

constexpr std::int64_t kRetentionMonthsMax = 1200;  // a hundred years
constexpr std::uint32_t kRetentionMonthsDefault = 120;  // neither the type nor the agreement says how long

constexpr std::size_t kCaseReferencesMax = 4;              // of a document
constexpr std::int64_t kCaseReferenceCharactersMax = 100;  // code points of one, that a type may permit
constexpr std::size_t kCaseReferenceBytesMax = 400;

constexpr std::size_t kReasonBytesMax = 1000;                // report-invalid
constexpr std::size_t kCredentialBytesMax = 4096;
constexpr std::size_t kConfigurationFileBytesMax = 1 << 20;  // file-too-large
constexpr int kConfigurationDepthMax = 32;

}  // namespace hub::registry

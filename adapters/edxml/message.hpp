// What an edXML file says (QCVN 102:2016/BTTTT), as it was read: texts in NFC without blanks around them, an absent or
// empty element as an empty text, the code "null" as an absent one. Persons are not here: FullName, TyperNotation and
// StaffInfo are read over and dropped.
//
// Plain data; an Attachment's file belongs to whoever has the Message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hub/base/time.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::edxml {

constexpr std::string_view kNamespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

using Line = std::uint32_t;  // in the file, from 1; 0: nowhere

struct Organisation {
  std::string organ_id, in_charge, name, address, email, telephone, fax, website;
  Line line = 0;
};

// ResponseFor: a document that is answered, or whose state is told.
struct DocumentReference {
  std::string organ_id, code, document_id;
  std::optional<LocalDate> promulgation_date;
  Line line = 0;
};

struct Trace {
  std::string organ_id;
  std::optional<UnixMicros> time;
};

enum class BusinessKind : std::uint8_t { new_document = 0, recall = 1, update = 2, replace = 3 };

struct Receiver {
  std::string organ_id;
  bool added = false;  // else removed
};

struct Replacement {
  std::string document_id;
  std::vector<std::string> organ_ids;
};

struct Business {
  BusinessKind kind = BusinessKind::new_document;
  std::string reason, document_id;
  bool paper = false;          // a paper copy follows
  bool document_info = false;  // an update changes the document's header
  bool receiver_info = false;  // an update changes the receivers
  std::vector<Receiver> receivers;
  std::vector<Replacement> replacements;
  Line line = 0;
};

struct Attachment {
  std::string name;           // safe as a file's name, unique in its message
  std::string declared_type;  // ContentType: not to be believed
  std::string media_type;     // of the content, by its first bytes
  std::string description;
  std::string path;  // the staged file
  std::uint64_t size = 0;
  crypto::Digest sha256{};
  Line line = 0;
};

struct Message {
  Organisation from;
  std::vector<Organisation> to;
  std::string code_number, code_notation, promulgation_place;
  LocalDate promulgation_date;
  std::string document_type, document_type_detail, document_type_name;
  std::string subject, content, signer_competence, signer_position;
  std::optional<LocalDate> due_date;
  std::vector<std::string> to_places;
  std::uint8_t priority = 0;  // 0 to 4
  std::string sphere_of_promulgation, direction;
  std::optional<std::uint32_t> promulgation_amount, page_amount;
  std::vector<std::string> appendixes;
  std::vector<DocumentReference> response_for;
  std::string steering_type, document_id;
  std::vector<Trace> trace;
  Business business;
  std::vector<Attachment> attachments;
  bool has_signature = false;  // an XML signature is carried in the agency's file; nobody verified it
  Line header_line = 0, subject_line = 0;
};

enum class StatusCode : std::uint8_t {
  arrived = 1,
  refused = 2,
  registered = 3,
  assigned = 4,
  processing = 5,
  finished = 6,
  recall_requested = 13,
  change_agreed = 15,
  change_refused = 16,
};

struct StatusMessage {
  Organisation from;
  DocumentReference response_for;
  StatusCode code{};
  std::string description;
  std::optional<UnixMicros> time;
};

struct File {
  std::variant<Message, StatusMessage> content;
  std::vector<std::string> notes;  // what was tolerated or dropped, in English, for the log
  std::uint64_t bytes = 0;
  crypto::Digest sha256{};  // of the whole file
};

}  // namespace hub::edxml

// Why a receipt does not hold, in Vietnamese; the checks themselves speak English, as those of hubctl do.
const REASONS: [RegExp, string][] = [
  [/^not a tlog-proof of version 1$/, 'Tệp không phải là biên nhận dạng tlog-proof phiên bản 1.'],
  [/^a receipt of another version$/, 'Biên nhận thuộc phiên bản khác.'],
  [/^not base64: /, 'Một dòng của tệp không đúng dạng base64.'],
  [/^(not a decimal: |the index is missing$)/, 'Số thứ tự của bản ghi bị thiếu hoặc không đọc được.'],
  [/^the key (is not|has another id)/, 'Khóa của cây không đúng dạng tên+mã+khóa.'],
  [/^(the checkpoint has no signatures|a signature cannot be read|the checkpoint cannot be read)$/, 'Không đọc được điểm kiểm trong biên nhận.'],
  [/^no signature of /, 'Điểm kiểm không có chữ ký của khóa đã nhập.'],
  [/^wrong signature of /, 'Chữ ký trên điểm kiểm không đúng.'],
  [/^not a checkpoint of /, 'Điểm kiểm của trung tâm khác.'],
  [/^(there is no record|the record at position|the proof is too|a proof is not whole)/, 'Bản ghi không nằm trong cây mà trung tâm đã ký.'],
  [/MessagePack|was expected$|^the key .* comes twice$/, 'Nội dung biên nhận không đọc được.'],
  [/^the record is not about this delivery$/, 'Bản ghi nói về lần giao khác.'],
  [/^(the order|the document's own record)/, 'Biên nhận thiếu bản ghi mà lần giao này dựa vào.'],
  [/^(the outcomes are not|the record decides no document|the document has no such recipient)/, 'Kết quả xét không khớp với bản ghi.'],
  [/^(the record names another|the record is about another signature|there is no document|the path is too)/, 'Chữ ký thuộc về văn bản hoặc đơn vị gửi khác.'],
  [/^the signature does not fit$/, 'Chữ ký của đơn vị gửi không đúng.'],
  [/^the certificate is about another key$/, 'Chứng nhận thuộc về khóa khác.'],
  [/^the root key did not sign/, 'Khóa gốc không ký chứng nhận này.'],
  [/^the key was not active/, 'Khóa ký không có hiệu lực khi văn bản được xét.'],
  [/^no agreement was in question/, 'Không có quy chế nào được xét, nên không có quy chế bảo đảm khóa gốc của đơn vị gửi.'],
  [/names another root key/, 'Quy chế nêu khóa gốc khác của đơn vị gửi.'],
  [/has no clause/, 'Quy chế không có điều khoản đã nêu.'],
  [/is missing$/, 'Biên nhận thiếu quy chế đã nêu.'],
];

// Nothing for what an engine says, as of JSON that can't be read.
export const inVietnamese = (reason: string) => REASONS.find(([form]) => form.test(reason))?.[1];

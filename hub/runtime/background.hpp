// Work beside the documents.
#pragma once

namespace hub::runtime {

// Documents go first, on the processor and on the disk. What the calling thread starts inherits it.
void yield_to_documents();

}  // namespace hub::runtime

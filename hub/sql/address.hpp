// What names a database on one line: a file's path, or where a PostgreSQL server is.
//
// Threads: free functions.
#pragma once

#include <string>

#include "hub/base/result.hpp"

namespace hub::sql {

// postgresql://…, postgres://… or libpq's `host=… dbname=…`; all else is a file. A file whose name looks like that is
// written with its folder: ./host=x.
bool is_postgres(const std::string& address);

// What is wrong with a PostgreSQL address, empty when nothing is: never a part of it, as it may hold a secret. A password
// in it is wrong too: every list of processes and every copy of hub.yaml would have it. libpq reads it from a passfile.
std::string postgres_fault(const std::string& address);

// For messages and logs: a file's path; of a server its host, port and database alone, or nothing when there is a fault.
std::string described(const std::string& address);

}  // namespace hub::sql

// Transcripts: conversations between clients and a shard, line by line, that read like documentation and run as tests.
//
//   # a comment
//   = rules {"rules": [...]}        settings, before the first connection: rules, consent required|granted, demo, identity KEY,
//                                   chat
//   + A country=FR gpc              opens connection A; the name may be left out everywhere when there is one
//   A> {"type":"hello", …}          what A sends
//   A< {"type":"welcome", …}        what A gets next, whole; any order of members. "$name" as a value binds on first sight and
//                                   must be the same from then on, also inside what is sent; "*" is anything
//   A! 4500 a reason                A is closed with this code; the reason may be left out
//   - A                             A's connection is lost
//   @ +45s                          time passes: ms, s, m, h
//   ~ rules {"rules": [...]}        the site's rules change
//   ~ operator takes                what an operator does with the conversation of "$visitor": takes, says TEXT, reads SEQ, closes
//   ~ restart                       the server stops in order and starts again
//
// Whatever is not expected must not come: before the next line that does something, every connection has been read to its end.
#pragma once

#include <filesystem>

namespace beckon::test {

// Runs one file; what differs is a failure of the running Catch2 test, with file and line.
void run_transcript(const std::filesystem::path& file);

}  // namespace beckon::test

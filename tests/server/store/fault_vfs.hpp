// A file system for SQLite whose writes fail, or wait, when a test says so. Reads always work.
#pragma once

namespace beckon::store::fault {

// Makes it the one that databases opened from now on use. May be called more than once.
void install();

// Writes and syncs since the last call of this or of fail_nth().
int operations();
// The n-th write or sync from now on fails, the ones around it work. 0: none does.
void fail_nth(int n);
// Every write fails as on a full disk, until heal().
void fill_disk();
void heal();
// Every write waits until release().
void hold();
void release();

// heal() and release() at the end of a test, also when it fails.
class Scope {
 public:
  Scope() { install(); }
  ~Scope() {
    heal();
    release();
  }
};

}  // namespace beckon::store::fault

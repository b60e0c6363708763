#include "fault_vfs.hpp"

#include <sqlite3.h>

#include <condition_variable>
#include <mutex>

namespace beckon::store::fault {
namespace {

struct Plan {
  std::mutex mutex;
  std::condition_variable released;
  int operations = 0;
  int fail_at = 0;
  bool full = false, held = false;
};

Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

// SQLITE_OK when the operation may go on.
int ask(int code_when_failing) {
  std::unique_lock lock(plan().mutex);
  plan().released.wait(lock, [] { return !plan().held; });
  if (plan().full) return SQLITE_FULL;
  return ++plan().operations == plan().fail_at ? code_when_failing : SQLITE_OK;
}

// One of ours, with the real file behind it in the same memory.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }
sqlite3_vfs* real(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int close_file(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read_file(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return real(f)->pMethods->xRead(real(f), to, n, at);
}
int write_file(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  const int code = ask(SQLITE_IOERR_WRITE);
  return code != SQLITE_OK ? code : real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); }
int sync_file(sqlite3_file* f, int flags) {
  const int code = ask(SQLITE_IOERR_FSYNC);
  return code != SQLITE_OK ? code : real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_lock(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int device(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods kMethods{2,          close_file, read_file, write_file, truncate_file, sync_file,   file_size,
                                  lock,       unlock,     check_lock, control,   sector,        device,      shm_map,
                                  shm_lock,   shm_barrier, shm_unmap, nullptr,   nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* ours = reinterpret_cast<File*>(file);
  ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
  ours->base.pMethods = nullptr;
  const int code = real(vfs)->xOpen(real(vfs), name, ours->real, flags, out_flags);
  if (code == SQLITE_OK) ours->base.pMethods = &kMethods;
  return code;
}
int delete_file(sqlite3_vfs* v, const char* name, int sync) { return real(v)->xDelete(real(v), name, sync); }
int access_file(sqlite3_vfs* v, const char* name, int flags, int* out) {
  return real(v)->xAccess(real(v), name, flags, out);
}
int full_path(sqlite3_vfs* v, const char* name, int n, char* out) {
  return real(v)->xFullPathname(real(v), name, n, out);
}
int randomness(sqlite3_vfs* v, int n, char* out) { return real(v)->xRandomness(real(v), n, out); }
int sleep_for(sqlite3_vfs* v, int us) { return real(v)->xSleep(real(v), us); }
int current_time(sqlite3_vfs* v, double* out) { return real(v)->xCurrentTime(real(v), out); }
int last_error(sqlite3_vfs* v, int n, char* out) { return real(v)->xGetLastError(real(v), n, out); }
int current_time64(sqlite3_vfs* v, sqlite3_int64* out) { return real(v)->xCurrentTimeInt64(real(v), out); }

}  // namespace

void install() {
  static sqlite3_vfs ours;
  if (ours.pAppData) return;
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  ours.iVersion = 2;
  ours.szOsFile = static_cast<int>(sizeof(File)) + system->szOsFile;
  ours.mxPathname = system->mxPathname;
  ours.zName = "faulty";
  ours.pAppData = system;
  ours.xOpen = open_file;
  ours.xDelete = delete_file;
  ours.xAccess = access_file;
  ours.xFullPathname = full_path;
  ours.xRandomness = randomness;
  ours.xSleep = sleep_for;
  ours.xCurrentTime = current_time;
  ours.xGetLastError = last_error;
  ours.xCurrentTimeInt64 = current_time64;
  sqlite3_vfs_register(&ours, 1);
}

int operations() {
  const std::lock_guard lock(plan().mutex);
  const int count = plan().operations;
  plan().operations = 0;
  return count;
}

void fail_nth(int n) {
  const std::lock_guard lock(plan().mutex);
  plan().operations = 0;
  plan().fail_at = n;
}

void fill_disk() {
  const std::lock_guard lock(plan().mutex);
  plan().full = true;
}

void heal() {
  const std::lock_guard lock(plan().mutex);
  plan().full = false;
  plan().fail_at = 0;
}

void hold() {
  const std::lock_guard lock(plan().mutex);
  plan().held = true;
}

void release() {
  {
    const std::lock_guard lock(plan().mutex);
    plan().held = false;
  }
  plan().released.notify_all();
}

}  // namespace beckon::store::fault

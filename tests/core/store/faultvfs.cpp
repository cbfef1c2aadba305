// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/faultvfs.h"

#include <sqlite3.h>

#include <climits>
#include <cstring>
#include <ctime>

namespace portolan::store::faultvfs {

namespace {

std::atomic<int> g_left{INT_MAX}; // operations until the fault
std::atomic<int> g_code{SQLITE_OK};
std::atomic<bool> g_torn{false};
std::atomic<bool> g_failed{false};
std::atomic<long> g_write_us{0};

sqlite3_vfs *g_real = nullptr;
sqlite3_vfs g_vfs{};
sqlite3_io_methods g_methods{};

// What SQLite allocates for each file; the real file's own bytes follow.
struct File {
    sqlite3_file base;
    sqlite3_file *real;
};

sqlite3_file *realOf(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file)->real;
}

bool isFailing()
{
    if (g_code == SQLITE_OK)
        return false;
    if (g_left > 0 && g_left-- > 0)
        return false;
    g_failed = true;
    return true;
}

int write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    if (const long us = g_write_us; us > 0) {
        const timespec pause{us / 1'000'000, (us % 1'000'000) * 1'000};
        nanosleep(&pause, nullptr);
    }
    auto *real = realOf(file);
    if (isFailing()) {
        if (g_torn)
            real->pMethods->xWrite(real, bytes, size / 2, offset);
        return g_code;
    }
    return real->pMethods->xWrite(real, bytes, size, offset);
}

int truncate(sqlite3_file *file, sqlite3_int64 size)
{
    auto *real = realOf(file);
    return isFailing() ? g_code.load() : real->pMethods->xTruncate(real, size);
}

// Nothing here loses power, and hundreds of real syncs would make the tests slow.
int sync(sqlite3_file *, int)
{
    return isFailing() ? g_code.load() : SQLITE_OK;
}

template <auto Method, typename... Args>
int pass(sqlite3_file *file, Args... args)
{
    auto *real = realOf(file);
    return (real->pMethods->*Method)(real, args...);
}

int closeFile(sqlite3_file *file)
{
    auto *real = realOf(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

void barrier(sqlite3_file *file)
{
    auto *real = realOf(file);
    real->pMethods->xShmBarrier(real);
}

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *flagsOut)
{
    auto *own = reinterpret_cast<File *>(file);
    own->real = reinterpret_cast<sqlite3_file *>(own + 1);
    own->real->pMethods = nullptr;
    const int code = g_real->xOpen(g_real, name, own->real, flags, flagsOut);
    own->base.pMethods = own->real->pMethods ? &g_methods : nullptr;
    return code;
}

} // namespace

void install()
{
    if (g_real)
        return;
    g_real = sqlite3_vfs_find(nullptr);
    using M = sqlite3_io_methods;
    g_methods = {
        .iVersion = 2, // without mmap
        .xClose = closeFile,
        .xRead = pass<&M::xRead, void *, int, sqlite3_int64>,
        .xWrite = write,
        .xTruncate = truncate,
        .xSync = sync,
        .xFileSize = pass<&M::xFileSize, sqlite3_int64 *>,
        .xLock = pass<&M::xLock, int>,
        .xUnlock = pass<&M::xUnlock, int>,
        .xCheckReservedLock = pass<&M::xCheckReservedLock, int *>,
        .xFileControl = pass<&M::xFileControl, int, void *>,
        .xSectorSize = pass<&M::xSectorSize>,
        .xDeviceCharacteristics = pass<&M::xDeviceCharacteristics>,
        .xShmMap = pass<&M::xShmMap, int, int, int, void volatile **>,
        .xShmLock = pass<&M::xShmLock, int, int, int>,
        .xShmBarrier = barrier,
        .xShmUnmap = pass<&M::xShmUnmap, int>,
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    g_vfs = *g_real;
    g_vfs.zName = "fault";
    g_vfs.szOsFile = int(sizeof(File)) + g_real->szOsFile;
    g_vfs.pNext = nullptr;
    g_vfs.xOpen = openFile;
    sqlite3_vfs_register(&g_vfs, 1);
}

void failFrom(int n, int code, bool torn)
{
    g_failed = false;
    g_torn = torn;
    g_left = n;
    g_code = code;
}

void heal()
{
    g_code = SQLITE_OK;
}

bool hasFailed()
{
    return g_failed;
}

void slowDown(std::chrono::microseconds perWrite)
{
    g_write_us = long(perWrite.count());
}

} // namespace portolan::store::faultvfs

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/portholder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

namespace portolan::http {

namespace {

namespace fs = std::filesystem;

/// Inodes of the listening sockets on that port in one of /proc/net/tcp and tcp6 (proc(5)).
void collectListeners(const char *table, std::uint16_t port, std::set<std::string> &inodes)
{
    constexpr std::string_view kListen = "0A";
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // column names
    const auto suffix = fmt::format(":{:04X}", port);
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout
            >> inode;
        if (state == kListen && local.ends_with(suffix))
            inodes.insert(fmt::format("socket:[{}]", inode));
    }
}

bool holdsOne(const fs::path &process, const std::set<std::string> &inodes)
{
    std::error_code error;
    fs::directory_iterator descriptors(process / "fd", error);
    for (; !error && descriptors != fs::directory_iterator{}; descriptors.increment(error)) {
        std::error_code unreadable;
        if (inodes.contains(fs::read_symlink(descriptors->path(), unreadable).string()))
            return true;
    }
    return false;
}

} // namespace

std::string portHolder(std::uint16_t port)
{
    std::set<std::string> inodes;
    collectListeners("/proc/net/tcp", port, inodes);
    collectListeners("/proc/net/tcp6", port, inodes);
    if (inodes.empty())
        return {};
    std::error_code error;
    fs::directory_iterator processes("/proc", error);
    for (; !error && processes != fs::directory_iterator{}; processes.increment(error)) {
        const auto id = processes->path().filename().string();
        if (!std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; })
            || !holdsOne(processes->path(), inodes))
            continue;
        std::string name;
        std::ifstream comm(processes->path() / "comm");
        std::getline(comm, name);
        return fmt::format("{} (process {})", name, id);
    }
    return {};
}

} // namespace portolan::http

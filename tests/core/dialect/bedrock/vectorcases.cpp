// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectorcases.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vectors {
namespace {

const std::filesystem::path kRoot = std::filesystem::path(PORTOLAN_TEST_DATA) / "vectors";

std::string contents(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "no such test data: %s\n", path.c_str());
        std::abort();
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

std::vector<std::string> idsBeginning(std::string_view prefix)
{
    std::vector<std::string> ids;
    for (const auto &entry : std::filesystem::directory_iterator(kRoot)) {
        std::string id = entry.path().filename().string();
        if (entry.is_directory() && id.starts_with(prefix))
            ids.push_back(std::move(id));
    }
    std::ranges::sort(ids);
    return ids;
}

portolan::JsonDocument loadCase(std::string_view id)
{
    auto document = portolan::JsonDocument::parse(contents(kRoot / id / "case.json"));
    if (!document) {
        std::fprintf(stderr, "%s\n", document.error().message.c_str());
        std::abort();
    }
    return std::move(*document);
}

std::string hexFile(std::string_view id, std::string_view file)
{
    std::string digits = contents(kRoot / id / file);
    std::erase_if(digits, [](char c) { return c == '\n' || c == ' ' || c == '\r'; });
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
        bytes += char(value);
    }
    return bytes;
}

std::string hexOf(std::string_view bytes)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    return hex;
}

std::string bigEndian(std::uint64_t value, std::size_t width)
{
    std::string bytes;
    for (std::size_t i = width; i-- > 0;)
        bytes += char((value >> (8 * i)) & 0xFFU);
    return bytes;
}

std::uint32_t checksum(std::string_view bytes)
{
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) * 0xEDB88320U);
    }
    return ~crc;
}

std::string stringHeader(std::string_view name, std::string_view value)
{
    return bigEndian(name.size(), 1).append(name) + '\x07' + bigEndian(value.size(), 2).append(value);
}

std::string eventStreamMessage(std::string_view headers, std::string_view payload)
{
    std::string message = bigEndian(headers.size() + payload.size() + 16, 4) + bigEndian(headers.size(), 4);
    message += bigEndian(checksum(message), 4);
    message.append(headers).append(payload);
    return message + bigEndian(checksum(message), 4);
}

} // namespace vectors

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/floats.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/base64.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/tooltext.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

namespace portolan::dialect::embeddings {
namespace {

std::optional<std::string> bytesOf(std::string_view base64)
{
    auto text = cleanBase64(base64);
    const auto padding = text ? std::size_t(std::ranges::count(*text, '=')) : 0;
    if (!text || text->size() % 4 != 0 || padding > 2)
        return std::nullopt;
    std::string bytes(text->size() / 4 * 3, '\0');
    const int size
        = EVP_DecodeBlock(reinterpret_cast<unsigned char *>(bytes.data()),
                          reinterpret_cast<const unsigned char *>(text->data()), int(text->size()));
    if (size < 0)
        return std::nullopt;
    bytes.resize(std::size_t(size) - padding); // OpenSSL makes zeros of it
    return bytes;
}

/// Calls `take` with the text of each number of "[1,2]" until it says no.
bool eachNumber(std::string_view array, auto take)
{
    array = array.substr(1, array.size() - 2);
    while (!array.empty()) {
        const std::string_view number = array.substr(0, array.find(','));
        array.remove_prefix(std::min(array.size(), number.size() + 1));
        if (!take(number))
            return false;
    }
    return true;
}

template <typename Float>
std::optional<Float> valueOf(std::string_view number)
{
    Float value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (end != number.data() + number.size())
        return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        // What is too small for the type is zero; what is too large has no place in a vector.
        double wide = 0;
        const auto again = std::from_chars(number.data(), end, wide);
        const bool small = again.ec == std::errc() ? std::abs(wide) < 1
                                                   : number.find_first_of("eE") + 1 == number.find('-', 1);
        return small ? std::optional(Float(0)) : std::nullopt;
    }
    return error == std::errc() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<RawJson> numbersOf(const JsonValue &array)
{
    if (!array.isArray() || array.empty())
        return std::nullopt;
    for (const JsonValue number : array.elements()) {
        if (!number.isNumber())
            return std::nullopt;
    }
    return RawJson{compactJson(array.raw())};
}

std::optional<std::string> base64OfNumbers(const RawJson &numbers)
{
    std::string bytes;
    const bool good = eachNumber(numbers.text, [&](std::string_view number) {
        const auto value = valueOf<float>(number);
        if (!value)
            return false;
        const auto bits = std::bit_cast<std::uint32_t>(*value);
        for (unsigned shift = 0; shift < 32; shift += 8)
            bytes += char(bits >> shift & 0xFFU);
        return true;
    });
    return good ? std::optional(base64Of(bytes)) : std::nullopt;
}

std::optional<RawJson> numbersOfBase64(std::string_view base64)
{
    const auto bytes = bytesOf(base64);
    if (!bytes || bytes->empty() || bytes->size() % 4 != 0)
        return std::nullopt;
    RawJson numbers{"["};
    for (std::size_t i = 0; i < bytes->size(); i += 4) {
        std::uint32_t bits = 0;
        for (unsigned k = 0; k < 4; ++k)
            bits |= std::uint32_t(static_cast<unsigned char>((*bytes)[i + k])) << (8 * k);
        const auto value = std::bit_cast<float>(bits);
        if (!std::isfinite(value))
            return std::nullopt;
        std::array<char, 32> text{};
        const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
        numbers.text.append(i == 0 ? "" : ",").append(text.data(), written.ptr);
    }
    numbers.text += ']';
    return numbers;
}

std::optional<RawJson> normalised(const RawJson &numbers)
{
    std::vector<double> values;
    double squares = 0;
    const bool good = eachNumber(numbers.text, [&](std::string_view number) {
        const auto value = valueOf<double>(number);
        if (value) {
            values.push_back(*value);
            squares += *value * *value;
        }
        return value.has_value();
    });
    const double length = std::sqrt(squares);
    if (!good || !std::isnormal(length))
        return std::nullopt;
    RawJson scaled;
    JsonWriter json(scaled.text);
    json.array();
    for (const double value : values)
        json.number(value / length);
    json.end();
    return scaled;
}

} // namespace portolan::dialect::embeddings

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace portolan::control {

// What goes over the control socket, both ways: one JSON object per line, strict. A secret never stands in
// the JSON: "secret_bytes" announces that many raw bytes behind the line break.
//   {"id":1,"command":"account.add","arguments":{...},"secret_bytes":51}
//   {"id":1,"ok":true,"result":...}   {"id":1,"ok":false,"error":{"code":"...","message":"..."}}
//   {"id":1,"event":...}              any number of them before the answer

/// Bytes, without the line break: a config of 1 MiB fits, with the escapes that JSON needs.
inline constexpr std::size_t kMaxControlLine = 4 * 1024 * 1024;
inline constexpr int kMaxControlDepth = 16;
inline constexpr std::size_t kMaxControlSecret = 64 * 1024;

struct ControlRequest {
    qint64 id = 0; ///< 1 or more; answers carry it
    QString command{};
    QJsonObject arguments{};
    std::size_t secretBytes = 0; ///< 0: none

    friend bool operator==(const ControlRequest &, const ControlRequest &) = default;
};

struct ControlReply {
    enum class Kind { Result, Error, Event };
    qint64 id = 0;
    Kind kind = Kind::Result;
    QJsonValue value{};          ///< of Result and Event
    portolan::Error error{};     ///< code and message
    std::size_t secretBytes = 0; ///< of Result

    friend bool operator==(const ControlReply &, const ControlReply &) = default;
};

/// One line without its break. "control.bad_message" for anything else than the forms above.
Result<ControlRequest> parseControlRequest(std::string_view line);
Result<ControlReply> parseControlReply(std::string_view line);

/// With the line break.
[[nodiscard]] std::string print(const ControlRequest &request);
[[nodiscard]] std::string print(const ControlReply &reply);

/// Cuts a stream of bytes into lines and secrets. Bytes of a secret go straight into locked memory; whoever
/// owns the buffer they came in wipes it.
class ControlFrames
{
public:
    enum class Got { Nothing, Line, Secret };

    /// Takes bytes from the front of `bytes` up to the end of one line or secret. "control.bad_message" when
    /// a line is too long: the stream is then of no use any more.
    Result<Got> take(std::span<const char> &bytes);
    [[nodiscard]] const std::string &line() const noexcept { return m_line; } ///< after Got::Line
    void expectSecret(std::size_t size);     ///< at most kMaxControlSecret: the next bytes are one
    [[nodiscard]] SharedSecret takeSecret(); ///< after Got::Secret

private:
    std::string m_line;
    bool m_line_done = false;
    struct LockedBuffer {
        explicit LockedBuffer(std::size_t size);
        ~LockedBuffer();
        LockedBuffer(const LockedBuffer &) = delete;
        LockedBuffer &operator=(const LockedBuffer &) = delete;
        char *data = nullptr;
        std::size_t size;
        std::size_t filled = 0;
    };
    std::unique_ptr<LockedBuffer> m_secret;
};

} // namespace portolan::control

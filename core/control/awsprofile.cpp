// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/awsprofile.h"

#include "core/base/text.h"
#include "core/gateway/secretjson.h"
#include "core/gateway/signing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace portolan::control {

namespace {

constexpr std::size_t kMostFileBytes = 1U << 20;

std::filesystem::path fromEnvironment(const char *variable, const char *usual)
{
    if (const char *path = std::getenv(variable); path && *path)
        return path;
    const char *home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "/") / ".aws" / usual;
}

std::unexpected<Error> unfit(std::string code, std::string message, const std::filesystem::path &where)
{
    return fail({.origin = Origin::Config,
                 .code = std::move(code),
                 .message = std::move(message),
                 .where = where.string()});
}

/// The keys as far as one section has them; views into the file's text.
struct Section {
    gateway::AwsKeys keys{};
    bool found = false;
};

void takeSetting(gateway::AwsKeys &keys, std::string_view line)
{
    const auto equals = line.find('=');
    if (equals == line.npos)
        return;
    const auto name = toLowerAscii(trimmed(line.substr(0, equals)));
    const auto value = trimmed(line.substr(equals + 1));
    if (name == "aws_access_key_id")
        keys.access_key_id = value;
    else if (name == "aws_secret_access_key")
        keys.secret_access_key = value;
    else if (name == "aws_session_token")
        keys.session_token = value;
}

/// Calls `heading` with what stands in brackets and `setting` with every other line that says something.
template <typename Heading, typename Setting>
void forEachLine(std::string_view text, Heading heading, Setting setting)
{
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        // An indented line goes on with the setting above it, which no key does.
        if (line.empty() || line.front() == '#' || line.front() == ';' || line.front() == ' '
            || line.front() == '\t')
            continue;
        if (line.front() == '[')
            heading(trimmed(line.substr(1, line.find(']') - 1)));
        else
            setting(line);
    }
}

Section findSection(std::string_view text, std::string_view wanted)
{
    Section section;
    bool inside = false;
    forEachLine(
        text,
        [&](std::string_view heading) {
            inside = heading == wanted;
            section.found = section.found || inside;
        },
        [&](std::string_view line) {
            if (inside)
                takeSetting(section.keys, line);
        });
    return section;
}

class File
{
public:
    explicit File(const std::filesystem::path &path)
        : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK))
    { }
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File &) = delete;
    File &operator=(const File &) = delete;

    [[nodiscard]] bool isThere() const { return m_descriptor >= 0; }
    /// Its size; nothing when it is no regular file of a sensible size.
    [[nodiscard]] std::optional<std::size_t> size() const
    {
        struct stat facts{};
        if (::fstat(m_descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)
            || static_cast<std::size_t>(facts.st_size) > kMostFileBytes)
            return std::nullopt;
        return static_cast<std::size_t>(facts.st_size);
    }
    [[nodiscard]] bool readInto(gateway::WipedText &text) const
    {
        std::array<char, 4096> piece{};
        bool good = true;
        while (good) {
            const auto got = ::read(m_descriptor, piece.data(), piece.size());
            if (got == 0)
                break;
            good = got > 0 && text.append({piece.data(), static_cast<std::size_t>(got)});
        }
        explicit_bzero(piece.data(), piece.size());
        return good;
    }

private:
    const int m_descriptor;
};

/// The whole file; nothing when it cannot be read.
std::unique_ptr<gateway::WipedText> textOf(const File &file)
{
    const auto size = file.size();
    auto text = std::make_unique<gateway::WipedText>(size.value_or(0));
    return size && file.readInto(*text) ? std::move(text) : nullptr;
}

Result<SharedSecret> linesOf(const gateway::AwsKeys &keys)
{
    gateway::WipedText lines(keys.access_key_id.size() + keys.secret_access_key.size()
                             + keys.session_token.size() + 2);
    bool fits
        = lines.append(keys.access_key_id) && lines.append("\n") && lines.append(keys.secret_access_key);
    if (!keys.session_token.empty())
        fits = fits && lines.append("\n") && lines.append(keys.session_token);
    if (!fits || !gateway::awsKeys(lines.view()))
        return SharedSecret{};
    return std::make_shared<const SecretBytes>(SecretBytes::copy(lines.view()));
}

} // namespace

AwsFiles AwsFiles::usual()
{
    return {.credentials = fromEnvironment("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            .config = fromEnvironment("AWS_CONFIG_FILE", "config")};
}

Result<SharedSecret> awsProfile(const AwsFiles &files, std::string_view name)
{
    bool found = false;
    const bool is_default = name == "default";
    const std::pair<const std::filesystem::path &, std::string> places[] = {
        {files.credentials, std::string(name)},
        {files.config, is_default ? std::string(name) : fmt::format("profile {}", name)},
    };
    for (const auto &[path, heading] : places) {
        const File file(path);
        if (!file.isThere())
            continue;
        const auto text = textOf(file);
        if (!text)
            return unfit("aws.unreadable", fmt::format("The file {} cannot be read.", path.string()), path);
        const auto section = findSection(text->view(), heading);
        found = found || section.found;
        if (auto lines = linesOf(section.keys); lines && *lines)
            return lines;
    }
    if (found)
        return unfit(
            "aws.no_keys",
            fmt::format("The profile {} has no keys in its file: it gets them by a login or a program, "
                        "which Portolan does not run. Write keys into the file, or give the account "
                        "keys of its own.",
                        name),
            files.credentials);
    return unfit("aws.no_profile",
                 fmt::format("There is no profile {} in {}.", name, files.credentials.string()),
                 files.credentials);
}

std::vector<std::string> awsProfileNames(const AwsFiles &files)
{
    constexpr std::string_view kProfile = "profile ";
    std::vector<std::string> names;
    const auto add = [&names](std::string_view name) {
        if (!name.empty() && std::ranges::find(names, name) == names.end())
            names.emplace_back(name);
    };
    const auto nothing = [](std::string_view) { };
    if (const auto text = textOf(File(files.credentials)))
        forEachLine(text->view(), add, nothing);
    if (const auto text = textOf(File(files.config))) {
        forEachLine(
            text->view(),
            [&](std::string_view heading) {
                if (heading == "default")
                    add(heading);
                else if (heading.starts_with(kProfile))
                    add(trimmed(heading.substr(kProfile.size())));
            },
            nothing);
    }
    return names;
}

} // namespace portolan::control

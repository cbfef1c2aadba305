// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

struct AwsFiles {
    std::filesystem::path credentials{};
    std::filesystem::path config{};

    /// $AWS_SHARED_CREDENTIALS_FILE and $AWS_CONFIG_FILE, else the two files of ~/.aws.
    static AwsFiles usual();
};

/// The keys of a profile as the lines of gateway::AwsKeys, read from the files each time. The credentials
/// file is asked first, then the config file ("[profile NAME]"). "aws.no_profile"; "aws.no_keys" when the
/// profile gets its keys by other means than writing them down, and "aws.unreadable".
[[nodiscard]] Result<SharedSecret> awsProfile(const AwsFiles &files, std::string_view name);

/// The names that awsProfile() can be asked for, in the order of the files, each once. What cannot be read
/// has none.
[[nodiscard]] std::vector<std::string> awsProfileNames(const AwsFiles &files);

} // namespace portolan::control

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/bodydocument.h"

#include "core/base/text.h"
#include "ui/logs/jsonindent.h"
#include "ui/logs/streamtext.h"

#include <algorithm>

namespace portolan::ui {

namespace {

// A recording may be cut within a character: up to three bytes at the end may be missing their rest.
bool isText(std::string_view text, bool cut)
{
    if (isUtf8(text))
        return true;
    for (std::size_t left = 1; cut && left <= 3 && left <= text.size(); ++left) {
        if (isUtf8(text.substr(0, text.size() - left)))
            return true;
    }
    return false;
}

bool isStream(const trace::Body &body)
{
    return startsWithIgnoringCase(trimmed(body.content_type), "text/event-stream");
}

std::string eventList(const StreamText &stream)
{
    std::string out;
    std::size_t number = 0;
    for (const StreamEvent &event : stream.events) {
        if (number > 0)
            out += '\n';
        out += std::to_string(++number) + "  ";
        if (!event.name.isEmpty())
            out += event.name.toStdString() + "  ";
        out += event.data;
    }
    return out;
}

} // namespace

const BodyDocument::View *BodyDocument::find(Form form) const noexcept
{
    const auto view = std::ranges::find(views, form, &View::form);
    return view == views.end() ? nullptr : &*view;
}

BodyDocument readBody(const trace::Body &body)
{
    BodyDocument out{.cut = body.isCut()};
    if (!isText(body.text, out.cut)) {
        out.binary = true;
        return out;
    }
    if (isStream(body)) {
        StreamText stream = readStream(body.text);
        out.unfinished = stream.unfinished;
        std::string events = eventList(stream);
        if (!stream.text.empty())
            out.views.push_back({.form = BodyDocument::Form::Text, .text = std::move(stream.text)});
        out.views.push_back({.form = BodyDocument::Form::Events, .text = std::move(events)});
    } else if (auto pretty = indentJson(body.text)) {
        out.views.push_back({.form = BodyDocument::Form::Pretty, .text = std::move(*pretty)});
    }
    out.views.push_back({.form = BodyDocument::Form::Raw, .text = body.text});
    for (BodyDocument::View &view : out.views)
        view.first = textPage(view.text);
    return out;
}

} // namespace portolan::ui

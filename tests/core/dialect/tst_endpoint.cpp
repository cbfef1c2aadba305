// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/endpoint.h"

#include <QTest>

#include <string>

using namespace portolan::dialect;

class TestEndpoint : public QObject
{
    Q_OBJECT

private slots:
    void knowsTheCatalogsWords_data()
    {
        QTest::addColumn<std::string>("method");
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("word");
        QTest::addColumn<bool>("streams");
        QTest::addColumn<bool>("takesStreamOptions");
        const auto row = [](std::string method, std::string path, std::string word, bool streams = false,
                            bool options = false) {
            const std::string name = method + ' ' + path;
            QTest::newRow(name.c_str())
                << std::move(method) << std::move(path) << std::move(word) << streams << options;
        };
        row("POST", "/v1/chat/completions", "chat", true, true);
        row("POST", "/chat/completions", "chat", true, true);
        row("POST", "/v1/completions", "completions", true, true);
        row("POST", "/v1/embeddings", "embeddings");
        row("POST", "/v1/responses", "responses", true);
        row("GET", "/v1/responses/resp_1", "responses");
        row("POST", "/v1/messages", "messages", true);
        row("POST", "/v1/messages/count_tokens", "messages");
        row("POST", "/v1/messages/batches", "batch");
        row("POST", "/v1/images/generations", "images", true);
        row("POST", "/v1/images/edits", "images", true);
        row("POST", "/v1/images/variations", "images");
        row("POST", "/v1/audio/speech", "audio");
        row("POST", "/v1/audio/transcriptions", "audio", true);
        row("POST", "/v1/rerank", "rerank");
        row("POST", "/v1/moderations", "moderations");
        row("GET", "/v1/models", "models");
        row("GET", "/v1/models/meta/llama", "models");
        row("POST", "/v1/files", "files");
        row("GET", "/v1/files/f1/content", "files");
        row("POST", "/v1/batches/b/cancel", "batch");
        row("GET", "/v1/chat/completions", "other");
        row("POST", "/v1/chat/completions/x", "other");
        row("POST", "/v1/models", "other");
        row("GET", "/v1/modelsX", "other");
        row("POST", "/v1/unknown", "other");
        row("POST", "/v1", "other");
        row("GET", "", "other");
    }
    void knowsTheCatalogsWords()
    {
        QFETCH(std::string, method);
        QFETCH(std::string, path);
        QFETCH(std::string, word);
        QFETCH(bool, streams);
        QFETCH(bool, takesStreamOptions);
        const Endpoint endpoint = endpointOf(method, path);
        QCOMPARE(std::string(endpoint.word), word);
        QCOMPARE(endpoint.may_stream, streams);
        QCOMPARE(endpoint.takes_stream_options, takesStreamOptions);
    }
};

QTEST_APPLESS_MAIN(TestEndpoint)
#include "tst_endpoint.moc"

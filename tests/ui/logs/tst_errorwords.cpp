// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/errorwords.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// Of what fails before there is a request: they are shown where it failed, in whole sentences.
const std::set<QString> kNeverOfARequest{
    u"http.bad_address"_s, u"http.bad_ca_file"_s,  u"http.bad_proxy"_s,      u"http.port_denied"_s,
    u"http.port_taken"_s,  u"limits.bad_period"_s, u"limits.unknown_zone"_s,
};

/// Every literal of the core's request path that has the form of one of our codes.
std::set<QString> codesInTheCore()
{
    static const QRegularExpression code(u"\"((?:account|auth|bedrock|client|config|frames|google|http|"
                                         u"internal|limits|multipart|request|route|signing|sigv4|"
                                         "sse|upstream)\\.[a-z0-9_]+|upstream_[a-z_]+)\""_s);
    std::set<QString> codes;
    for (const char *room : {"admission", "catalog", "dialect", "gateway", "http"}) {
        const QString folder
            = QStringLiteral(PORTOLAN_TEST_DATA) + u"/../../core/"_s + QLatin1StringView(room);
        QDirIterator files(folder, {u"*.cpp"_s, u"*.h"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                qFatal("A source cannot be read.");
            const QString text = QString::fromUtf8(file.readAll());
            for (auto hit = code.globalMatch(text); hit.hasNext();)
                codes.insert(hit.next().captured(1));
        }
    }
    return codes;
}

} // namespace

class TestErrorWords : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeThatARequestCanEndWithHasWords()
    {
        const auto codes = codesInTheCore();
        QVERIFY(codes.size() > 80); // else the sources were not found
        QVERIFY(codes.contains(u"upstream.proxy_auth"_s));
        QStringList wordless;
        for (const QString &code : codes) {
            if (!kNeverOfARequest.contains(code) && errorWords(code.toStdString()).isEmpty())
                wordless += code;
        }
        QVERIFY2(wordless.isEmpty(),
                 qPrintable(u"Give words in ui/logs/errorwords.cpp to "_s + wordless.join(u", "_s)));
    }

    void wordsFitAColumn()
    {
        for (const QString &code : codesInTheCore())
            QVERIFY2(errorWords(code.toStdString()).size() <= 40, qPrintable(code));
    }

    void aProvidersOwnCodeHasNone()
    {
        QCOMPARE(errorWords("rate_limit_exceeded"), QString());
        QCOMPARE(errorWords(""), QString());
        QCOMPARE(errorWords("zzz"), QString());
    }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestErrorWords)
#include "tst_errorwords.moc"

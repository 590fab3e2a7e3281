"""Vocable beside what people assemble in Python today, on one and the same file of feedback.

    pip install langdetect==1.0.9 lingua-language-detector==2.1.1 vaderSentiment==3.3.2 vaderSentiment-fr==1.3.4 \\
        scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    cargo build --release
    python3 benches/compare.py                                  # 10,000 made-up records, 3 runs of each in turns
    python3 benches/compare.py --records 100000 --runs 1
    python3 benches/compare.py --file mine.jsonl                # {"text": …} a line
    python3 benches/compare.py --runs 0 --labelled mine.jsonl   # scores only: "lang", "label" (pos, neg, neu), "topic"

Each side runs in a process of its own, from an empty folder: the program or interpreter starts, reads the file, tells
languages and sentiment, finds topics, writes a search index, ends. The kernel counts its CPU seconds and peak memory.
Run by hand, never by CI, on Linux or macOS. What came out, and how to read it, is in compare.md.
"""

import argparse
import csv
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent / "corpora/demo"
TOPICS = 60
POLARITIES = "pos", "neg", "neu"
FRENCH = frozenset(
    """a à ai ait alors as au aucun aussi autre aux avait avant avec avez avoir bien c ce cela ces cet cette ceux chez comme
    comment d dans de des du donc elle elles en encore entre est et été être eu fait faire il ils j je l la le les leur leurs
    lors lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par pas peu plus pour pourquoi puis qu quand
    que quel quelle quels qui s sa sans se ses si soit son sont sur t ta te tes toi ton tous tout toute toutes très trop tu un
    une vers votre vos vous y""".split()
)
ENGLISH = frozenset(
    """the i i'm you to is and not my was it it's for of this that have has had been with be they no your are at so but we can
    can't do don't does in when just very from what how never after all there which would will by if or got get""".split()
)


def typical_language():
    """langdetect as its page shows it: a call a record, all its languages."""
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0  # Without a seed its answers change from run to run.

    def language(text):
        try:
            return detect(text)
        except LangDetectException:  # Nothing but digits or signs.
            return "und"

    return language


def tuned_language():
    """lingua's fast mode between the two languages that matter; its core is compiled."""
    from lingua import Language, LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_languages(Language.ENGLISH, Language.FRENCH)
    detector = builder.with_low_accuracy_mode().build()

    def language(text):
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return language


def vader():
    """VADER, or its French port for a text in French, with the thresholds its authors give."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer as English
    from vaderSentiment_fr.vaderSentiment import SentimentIntensityAnalyzer as French

    english, french = English(), French()

    def sentiment(text, language):
        score = (french if language == "fr" else english).polarity_scores(text)["compound"]
        return "pos" if score >= 0.05 else "neg" if score <= -0.05 else "neu"

    return sentiment


def typical_topics(texts, count):
    """NMF of TF-IDF, as scikit-learn's example of topics has it, with stop words of both languages."""
    from sklearn.decomposition import NMF

    return strongest(NMF(count, random_state=0), texts, dict(min_df=2))


def tuned_topics(texts, count):
    """The same on at most 5,000 words, learnt in large batches: ten times faster than the default, hardly worse."""
    from sklearn.decomposition import MiniBatchNMF

    model = MiniBatchNMF(count, batch_size=4096, max_iter=20, transform_max_iter=20, random_state=0)
    return strongest(model, texts, dict(min_df=3, max_features=5000))


def strongest(model, texts, vocabulary):
    """The strongest topic of each text; -1 where none of its words is known."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    stop = sorted(FRENCH | ENGLISH_STOP_WORDS)
    tfidf = TfidfVectorizer(stop_words=stop, max_df=0.5, sublinear_tf=True, **vocabulary)
    weights = model.fit_transform(tfidf.fit_transform(texts))
    return [int(row.argmax()) if row.any() else -1 for row in weights]


def typical_index(database, rows):
    """A full-text index, filled row by row, saved every thousand rows."""
    for number, row in enumerate(rows):
        database.execute("INSERT INTO feedback VALUES (?, ?, ?, ?)", row)
        if number % 1000 == 999:
            database.commit()
    database.commit()


def tuned_index(database, rows):
    """The same in one transaction, without waiting for the disk."""
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    with database:
        database.executemany("INSERT INTO feedback VALUES (?, ?, ?, ?)", rows)


# The two scripts: they differ only where somebody who reads the manuals would make one faster.
SCRIPTS = {
    "typical": (typical_language, typical_topics, typical_index),
    "tuned": (tuned_language, tuned_topics, tuned_index),
}


def script(name, file, folder):
    """A whole run of one of the scripts; prints the CPU seconds of its stages."""
    warnings.filterwarnings("ignore")
    make_language, topics, index = SCRIPTS[name]
    stages, last = {}, 0.0

    def done(stage):
        nonlocal last
        now = time.process_time()
        stages[stage], last = now - last, now

    texts = [json.loads(line)["text"] for line in open(file, encoding="utf-8")]
    done("start and reading")
    language = make_language()
    languages = [language(text) for text in texts]
    done("language")
    sentiment = vader()
    sentiments = [sentiment(text, code) for text, code in zip(texts, languages)]
    done("sentiment")
    found = topics(texts, TOPICS)
    done("topics")
    database = sqlite3.connect(Path(folder) / "feedback.db")
    tokenizer = "unicode61 remove_diacritics 2"
    columns = "text, language UNINDEXED, sentiment UNINDEXED, topic UNINDEXED"
    database.execute(f"CREATE VIRTUAL TABLE feedback USING fts5 ({columns}, tokenize = '{tokenizer}')")
    index(database, zip(texts, languages, sentiments, found))
    database.close()
    done("index")
    print(json.dumps(stages))


def sentences():
    """Sentences of customers in the demo corpus, French and English: all of it is invented."""
    texts = []
    with open(DEMO / "avis_boutique.csv", encoding="cp1252", newline="") as table:
        texts += [row["Commentaire"] for row in csv.DictReader(table, delimiter=";")]
    with open(DEMO / "nps_survey.csv", encoding="utf-8-sig", newline="") as table:
        texts += [row["comment"] for row in csv.DictReader(table)]
    for ticket in json.loads((DEMO / "support_tickets.json").read_text(encoding="utf-8")):
        texts.append(ticket["description"])
    for line in (DEMO / "chat_logs.ndjson").read_text(encoding="utf-8").splitlines():
        try:
            turns = json.loads(line)["turns"]
        except ValueError:  # The demo has a broken line on purpose.
            continue
        texts += [turn["text"] for turn in turns if turn.get("speaker") == "customer"]
    pools = [], []
    for text in texts:
        for sentence in map(str.strip, re.split(r"(?<=[.!?])\s|\n", text or "")):
            words = sentence.lower().replace("’", "'").split()
            french = sum(word in FRENCH or word[1:2] == "'" and word[0] in "cdjlmnst" for word in words)
            english = sum(word in ENGLISH for word in words)
            if len(sentence) > 12 and french != english:
                pools[french < english].append(sentence)
    return pools


def make(count, file):
    """Writes records of about 250 bytes, half of them French, one word in forty misspelt, as benches/corpus.rs does."""
    pools, chance = sentences(), random.Random(42)
    with open(file, "w", encoding="utf-8") as out:
        for number in range(count):
            pool, wanted = chance.choice(pools), 125 + chance.randrange(250)
            words = []
            while sum(len(word.encode()) + 1 for word in words) < wanted:
                for word in chance.choice(pool).split():
                    if chance.randrange(40) == 0 and word.isascii() and len(word) > 3:
                        at = 1 + chance.randrange(len(word) - 2)
                        word = word[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[at:]
                    words.append(word)
            day = chance.randrange(98)
            record = {"id": f"B-{number:08}", "text": " ".join(words)}
            record |= {"date": f"2026-{8 + day // 28:02}-{1 + day % 28:02}", "rating": 1 + chance.randrange(5)}
            record |= {"channel": chance.choice(["web", "email", "chat", "phone"])}
            record |= {"product": f"product {chance.randrange(60)}", "customer_id": f"C-{chance.randrange(count // 3 + 1)}"}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def measured(command):
    """Runs a command to its end: CPU seconds of it and its children, peak memory in MB, wall seconds, what it printed.

    This process stays small, for a child's peak begins with the memory of the process it was started from.
    """
    # Threads that wait for each other in loops would count as work of the scripts.
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=output, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\nended with status {child.returncode}")
        output.seek(0)
        unit = 1e6 if sys.platform == "darwin" else 1e6 / 1024
        return used.ru_utime + used.ru_stime, used.ru_maxrss / unit, wall, output.read()


def speed(options):
    """Runs the three in turns on the same file; the least of the runs counts, for memory the most."""
    with tempfile.TemporaryDirectory() as folder:
        file = options.file
        if file is None:
            file = Path(folder) / "feedback.jsonl"
            make(options.records, file)
        size, records = Path(file).stat().st_size, sum(1 for _ in open(file, "rb"))
        print(f"{records:,} records, {size / 1e6:.1f} MB; runs: {options.runs}, in turns", flush=True)
        runs = {name: [] for name in options.sides}
        for _ in range(options.runs):
            for name in options.sides:
                with tempfile.TemporaryDirectory() as place:
                    if name == "vocable":
                        command = [options.vocable, "run", file, "--quiet", "--workspace", place]
                    else:
                        command = [sys.executable, __file__, "--script", name, str(file), place]
                    runs[name].append(measured(command))
    least = {name: min(seconds for seconds, *_ in of) for name, of in runs.items()}
    most = {name: max(peak for _, peak, *_ in of) for name, of in runs.items()}
    for name, of in runs.items():
        wall = min(run[2] for run in of)
        line = f"  {name:8} {least[name]:8.2f} CPU s {most[name]:8.0f} MB peak {wall:8.2f} s wall"
        if name != "vocable" and "vocable" in runs:
            line += f"   {least[name] / least['vocable']:6.1f} x CPU, {most[name] / most['vocable']:.2f} x memory"
        print(line)
        if name != "vocable":
            stages = json.loads(min(of)[3])
            print("           " + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items()), flush=True)


def scores(options, file):
    """What each says on a labelled file, told in the same measures; rows without a label are left out of its measure."""
    rows = [json.loads(line) for line in open(file, encoding="utf-8")]
    rows = [row for row in rows if row.get("text") and row.get("topic") not in options.drop]
    texts = [row["text"] for row in rows]
    said = {}
    for name, among in ("vocable", []), ("vocable, fr or en", ["--among", "fr,en"]):
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        command = [options.vocable, "annotate", *among]
        answer = subprocess.run(command, input=lines, capture_output=True, text=True, encoding="utf-8", check=True)
        verdicts = [json.loads(line) for line in answer.stdout.splitlines()]
        said[name] = [(verdict["language"]["code"], verdict["sentiment"]["polarity"]) for verdict in verdicts]
    for name, (make_language, _, _) in SCRIPTS.items():
        language, sentiment = make_language(), vader()
        codes = [language(text) for text in texts]
        said[name] = [(code, sentiment(text, code)) for text, code in zip(texts, codes)]
    found, topics = themes(options, file, rows)
    print(f"{Path(file).stem}: {len(rows):,} records" + (f", {topics} topics" if topics else ""))
    for name, verdicts in said.items():
        shown = [f"  {name:18}"]
        for code in "fr", "en":
            right = [verdict[0] == code for row, verdict in zip(rows, verdicts) if row.get("lang") == code]
            if right:
                shown.append(f"language {code} {100 * sum(right) / len(right):5.1f} %")
        pairs = [(row["label"], verdict[1]) for row, verdict in zip(rows, verdicts) if row.get("label") in POLARITIES]
        if pairs:
            shown.append(f"sentiment F1 {macro_f1(pairs):.3f}")
        if name in found:
            shown.append(f"themes V {found[name]:.3f}")
        print("  ".join(shown), flush=True)


def macro_f1(pairs):
    """Mean F1 of the classes that the labels have; where no label is neutral, a neutral answer is an error."""
    from sklearn.metrics import f1_score

    truth, answers = zip(*pairs)
    return f1_score(truth, answers, labels=sorted(set(truth)), average="macro", zero_division=0)


def themes(options, file, rows):
    """V-measure of found themes with the topics, each side asked for as many as there are, and their number.

    Vocable's catalogue is off. Its NMI has the arithmetic mean below, which is the V-measure; texts left without a theme
    count as a group of their own on every side.
    """
    from sklearn.metrics import v_measure_score

    rows = [row for row in rows if row.get("topic")]
    texts, truth = [row["text"] for row in rows], [row["topic"] for row in rows]
    count = len(set(truth))
    if count < 2:
        return {}, 0
    found = {name: v_measure_score(truth, topics(texts, count)) for name, (_, topics, _) in SCRIPTS.items()}
    drop = [part for label in options.drop for part in ("--drop", label)]
    command = [options.vocable, "eval", "themes", file, "--column", "topic", "--format", "json", *drop]
    found["vocable"] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["NMI"]
    return found, count


def main():
    if sys.argv[1:2] == ["--script"]:
        return script(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000, help="made-up records, when no file is given")
    parser.add_argument("--file", help="feedback of your own, JSON lines with a text")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side; 0 for scores only")
    parser.add_argument("--sides", nargs="+", default=["vocable", "tuned", "typical"], help="what runs")
    parser.add_argument("--vocable", default=str(HERE.parent / "target/release/vocable"), help="the program")
    parser.add_argument("--labelled", action="append", default=[], help="labelled JSON lines; may be repeated")
    parser.add_argument("--drop", action="append", default=[], help="leave out rows with this topic; may be repeated")
    options = parser.parse_args()
    if options.runs:
        speed(options)
    warnings.filterwarnings("ignore")
    for file in options.labelled:
        scores(options, file)


if __name__ == "__main__":
    main()

"""What people use today to find themes, on the same labelled file: scikit-learn's k-means on TF-IDF and on LSA, NMF, LDA.

    python3 benches/themes_peers.py reviews.jsonl fr [--column topic] [--where column=value] [--drop LABEL]

Prints normalised mutual information with the labels at k = their number, the mean of three seeds, and CPU seconds.
Run by hand; needs numpy and scikit-learn. Compare with `vocable eval themes reviews.jsonl`.
"""

import argparse
import json
import time

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score
from sklearn.preprocessing import normalize

FRENCH = set(
    """a à ai ait alors as au aucun aussi autre aux avait avant avec avez avoir bien c ce cela ces cet cette ceux chez comme
    comment d dans de des du donc elle elles en encore entre est et été être eu fait faire il ils j je l la le les leur leurs
    lors lui m ma mais me même mes moi mon n ne ni nos notre nous on ont ou où par pas peu plus pour pourquoi pouvez puis qu
    quand que quel quelle quels qui s sa sans se sera ses si soit son sont sur t ta te tes toi ton tous tout toute toutes très
    trop tu un une vers votre vos vous y""".split()
)


def rows(path, column, where, drop):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            label = row.get(column)
            if label in (None, "") or str(label) in drop or not row.get("text"):
                continue
            if all(holds(row, condition) for condition in where):
                yield row["text"], str(label)


def holds(row, condition):
    if ">=" in condition:
        column, least = condition.split(">=", 1)
        return row.get(column) is not None and float(row[column]) >= float(least)
    column, value = condition.split("=", 1)
    return str(row.get(column)) == value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("language", choices=["fr", "en"])
    parser.add_argument("--column", default="topic")
    parser.add_argument("--where", action="append", default=[])
    parser.add_argument("--drop", action="append", default=[])
    options = parser.parse_args()
    texts, labels = zip(*rows(options.file, options.column, options.where, options.drop))
    topics = len(set(labels))
    stop = "english" if options.language == "en" else list(FRENCH)
    shape = dict(stop_words=stop, min_df=2, max_df=0.5)
    tfidf = TfidfVectorizer(sublinear_tf=True, **shape).fit_transform(texts)
    counts = CountVectorizer(**shape).fit_transform(texts)

    def kmeans(matrix, seed):
        return KMeans(topics, n_init=5, random_state=seed).fit_predict(matrix)

    def lsa(seed):
        dimensions = min(100, tfidf.shape[1] - 1)
        return kmeans(normalize(TruncatedSVD(dimensions, random_state=seed).fit_transform(tfidf)), seed)

    ways = {
        "TF-IDF + k-means": lambda seed: kmeans(tfidf, seed),
        "LSA + k-means": lsa,
        "NMF": lambda seed: NMF(topics, random_state=seed, max_iter=400).fit_transform(tfidf).argmax(axis=1),
        "LDA": lambda seed: LatentDirichletAllocation(topics, random_state=seed).fit_transform(counts).argmax(axis=1),
    }
    print(f"{options.file}: {len(texts)} records, {topics} topics")
    for name, way in ways.items():
        start = time.process_time()
        scores = [normalized_mutual_info_score(labels, way(seed)) for seed in range(3)]
        print(f"  {name:18} NMI {np.mean(scores):.3f}   {(time.process_time() - start) / 3:6.1f} CPU s", flush=True)


if __name__ == "__main__":
    main()

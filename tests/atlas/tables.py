"""The tables of the atlas, which come with scikit-learn, and the network for all of them."""

TABLES = {
    "wine": "sklearn:wine",
    "breast cancer": "sklearn:breast_cancer",
    "digits": "sklearn:digits",
    "diabetes": "sklearn:diabetes",
}

SETTINGS = {
    "hidden": [32],
    "init": "he",
    "optimizer": "adam",
    "lr": 0.01,
    "decay": 0.0,
    "batch-size": 32,
    "epochs": 200,
    "patience": 20,
}
"""A network with more weights than the tables need, and patience as a user would have it."""

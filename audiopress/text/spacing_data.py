from typing import NamedTuple
from functools import cache
class Model(NamedTuple):
    lexicon: dict
    compounds: dict
    split: dict
    joint: dict
@cache
def model():
    import pickle
    return Model(*pickle.load(open('/work/scratch/spacing/model.pkl','rb')))

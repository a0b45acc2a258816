from .explanation import explain as explain
from .model import BodyBox as BodyBox
from .model import Considered as Considered
from .model import ExplainedChoice as ExplainedChoice
from .model import ExplainedProperty as ExplainedProperty
from .model import Explanation as Explanation
from .model import Title as Title
from .model import explanation_json as explanation_json

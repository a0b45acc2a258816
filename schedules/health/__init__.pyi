from .cluster_rule import cluster_health as cluster_health
from .disk_rules import outlook as outlook
from .noting import note_health as note_health
from .rules import HealthRule as HealthRule
from .rules import check as check
from .rules import dead_letters as dead_letters
from .rules import proof_rule as proof_rule
from .rules import store as store

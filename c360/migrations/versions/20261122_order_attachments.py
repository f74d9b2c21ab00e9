"""Find the newest attachments of a customer without reading all of them."""

from alembic import op

revision = "0006_order_attachments"
down_revision = "0005_relations"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_attachment_time", "attachment", ["customer_id", "created_at", "id"])


def downgrade():
    op.drop_index("ix_attachment_time", "attachment")

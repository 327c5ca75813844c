# Debian's Catmandu as an OAI-PMH server: `perl oai_catmandu.pl PORT RECORDS.mrc CHANGES.json`. The protocol is wholly its
# own. Ours are the search below, which its store in memory lacks (dates are all that the provider asks for), and the
# file of changes, read at every request: {"id": {"datestamp": "…", "deleted": 1, "title": "…"}}.
use strict;
use warnings;

use Catmandu;
use Catmandu::Hits;
use Catmandu::MARC;
use Catmandu::Store::Hash;
use Dancer;
use Dancer::Plugin::Catmandu::OAI;
use JSON::PP ();

my ($port, $records, $changes) = @ARGV;

Catmandu->config->{store} = {oai => {package => 'Hash', options => {}}};
my $bag = Catmandu->store('oai')->bag('data');
Catmandu->importer('MARC', type => 'ISO', file => $records)->each(sub {
    my $item = shift;
    $item->{_id} =~ s/^\s+|\s+$//g;
    $item->{datestamp} = '2024-01-01T12:00:00Z';
    $bag->add($item);
});

sub apply_changes {
    open my $file, '<', $changes or return;
    my $told = JSON::PP->new->utf8->decode(do { local $/; <$file> });
    for my $id (keys %$told) {
        my $item = $bag->get($id) or die "no record $id";
        my $title = delete $told->{$id}{title};
        $item = Catmandu::MARC->instance->marc_set($item, '245a', $title) if defined $title;
        $bag->add({%$item, %{$told->{$id}}});
    }
}

no warnings 'once';
*Catmandu::Store::Hash::Bag::search = sub {
    my ($self, %asked) = @_;
    my ($from)  = $asked{cql_query} =~ /datestamp >= "([^"]+)"/;
    my ($until) = $asked{cql_query} =~ /datestamp <= "([^"]+)"/;
    apply_changes();
    my @found = grep { $_->{datestamp} ge ($from // '') && $_->{datestamp} le ($until // '9') } @{$self->to_array};
    my ($start, $limit) = ($asked{start} // 0, $asked{limit});
    my $last = $start + $limit > @found ? $#found : $start + $limit - 1;
    # Copies: the provider turns what it is given into XML.
    my @hits = map { $self->get($_->{_id}) } @found[$start .. $last];
    Catmandu::Hits->new(start => $start, limit => $limit, total => scalar @found, hits => \@hits);
};
use warnings 'once';

set charset => 'UTF-8';
set plugins => {
    'Catmandu::OAI' => {
        store                => 'oai',
        bag                  => 'data',
        datestamp_field      => 'datestamp',
        repositoryName       => 'Catmandu',
        adminEmail           => 'a@example.org',
        earliestDatestamp    => '2024-01-01T12:00:00Z',
        deletedRecord        => 'persistent',
        repositoryIdentifier => 'catmandu',
        delimiter            => ':',
        sampleIdentifier     => 'oai:catmandu:1',
        limit                => 30,
        metadata_formats     => [
            {
                metadataPrefix    => 'marcxml',
                schema            => 'http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd',
                metadataNamespace => 'http://www.loc.gov/MARC21/slim',
                template          => \'[% record %]',
                fix               => ['marc_xml(record)'],
            },
        ],
    },
};
oai_provider '/oai', deleted => sub { $_[0]{deleted} };

set server       => '127.0.0.1';
set port         => $port;
set startup_info => 0;
dance;
